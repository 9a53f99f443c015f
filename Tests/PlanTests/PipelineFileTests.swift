import Foundation
import TestSupport
import Testing

@testable import KindsForTests
@testable import Plan
@testable import Slurm

@Suite("Pipeline files")
struct PipelineFileTests {
  @Test("A pipeline is a name, parameters and stages, in order")
  func whole() throws {
    let pipeline = try StandardKinds.parse(
      """
      name: quick
      parameters: { data: here, files: "${data}/a.npy" }
      stages:
        train: { uses: read, files: "${files}" }
        more:
          uses: read
          files: [one, "${data}/two"]
      """, file: "p.yaml")
    #expect(pipeline.name == "quick")
    #expect(pipeline.stages.map(\.name) == ["train", "more"])
    #expect(pipeline.stages[0].options["files"]?.values.map(\.value) == ["here/a.npy"])
    #expect(pipeline.stages[1].options["files"]?.values.map(\.value) == ["one", "here/two"])
    #expect(pipeline.stages[1].options["files"]?.values[1].place == .file("p.yaml", line: 7, column: 18))
  }

  @Test("Without a name, it has the file's name")
  func named() throws {
    #expect(try StandardKinds.parse("stages: {}", file: "some/where/quick.yaml").name == "quick")
  }

  @Test("--set overrides a parameter, and everything made from it")
  func settings() throws {
    let text = "parameters: { data: here, files: \"${data}/a\" }\nstages: { t: { uses: read, files: \"${files}\" } }"
    let pipeline = try StandardKinds.parse(text, file: "p.yaml", settings: ["data=there=x"])
    #expect(pipeline.stages[0].options["files"]?.values.map(\.value) == ["there=x/a"])
  }

  @Test(
    "A syntax mistake is named by line and column, with advice",
    arguments: [
      ("", "p.yaml:1:1: the file is empty"),
      ("stages: [", "p.yaml:2:1:"),
      ("stages:\n  a: { uses: read, uses: merge }", "p.yaml:2:"),
      ("name: x", "p.yaml:1:1: expected stages, found none"),
      ("stagse: {}", "p.yaml:1:1: unknown key “stagse” in a pipeline\n  → did you mean “stages”?"),
      ("stages:\n  a: read", "p.yaml:2:6: expected stage “a” to be a mapping"),
      ("stages:\n  a: { files: x }", "p.yaml:2:6: stage “a” does not say what it uses"),
      ("stages:\n  a: { uses: read, files: \"${dta}\" }", "p.yaml:2:27: unknown parameter “dta”"),
      ("stages:\n  a: { uses: read, files: \"${data\" }", "p.yaml:2:27: “${” without “}”"),
      ("stages:\n  a: { uses: read, files: { x: y } }", "p.yaml:2:27: expected one value for files"),
      ("- a\n- b", "p.yaml:1:1: expected a pipeline to be a mapping"),
    ])
  func mistakes(text: String, message: String) {
    let error = #expect(throws: PipelineError.self) { try StandardKinds.parse(text, file: "p.yaml") }
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    #expect(error?.isUsage == false)
  }

  @Test(
    "A tab where YAML wants spaces is named at its place",
    arguments: [
      ("stages:\n  a:\n\tuses: read\n", "p.yaml:3:1"), ("stages:\n\ta:\n", "p.yaml:2:1"),
      ("\tstages:\n", "p.yaml:1:1"), ("stages:\n  a:\n    uses: read\n  \t  files: x\n", "p.yaml:4:3"),
      ("stages:\n  a:\n    uses: read\n    files:\n    -\tx\n", "p.yaml:5:6"),
    ])
  func tabs(text: String, place: String) {
    let error = #expect(throws: PipelineError.self) { try StandardKinds.parse(text, file: "p.yaml") }
    #expect(
      error?.description.hasPrefix("\(place): expected spaces, found a tab\n") == true, "\(error?.description ?? "")")
  }

  @Test("A tab elsewhere is not blamed")
  func innocentTabs() throws {
    #expect(try StandardKinds.parse("stages:\n  a:\t{ uses: read }\t# x\n", file: "p.yaml").stages.count == 1)
    let error = #expect(throws: PipelineError.self) { try StandardKinds.parse("name:\tx\nstages: ]\n", file: "p.yaml") }
    #expect(error?.description.contains("tab") == false)
  }

  @Test("All mistakes are found in one pass")
  func all() {
    let text = "nmae: x\nparameters: { data: here }\nstages:\n  a: { uses: read, files: \"${dta}\" }\n  b: {}"
    let error = #expect(throws: PipelineError.self) {
      try StandardKinds.parse(text, file: "p.yaml", settings: ["dat=1", "nothing"])
    }
    #expect(error?.problems.count == 5)
    #expect(error?.description.contains("did you mean “data”?") == true)
  }

  @Test("A misspelt parameter on the command line is wrong usage")
  func settingsUsage() {
    let error = #expect(throws: PipelineError.self) {
      try StandardKinds.parse("parameters: { data: x }\nstages: {}", file: "p.yaml", settings: ["dta=1"])
    }
    #expect(error?.isUsage == true)
  }

  @Test("Parameters are made from others, wherever these are, and from the values of --set")
  func parameterOrder() throws {
    let text = """
      parameters: { a: "${b}/a", b: "${c}", c: x }
      stages: { t: { uses: read, files: "${a}" } }
      """
    let file = try StandardKinds.parse(text, file: "p.yaml")
    #expect(file.stages[0].options["files"]?.values.map(\.value) == ["x/a"])
    let set = try StandardKinds.parse(text, file: "p.yaml", settings: ["c=y"])
    #expect(set.stages[0].options["files"]?.values.map(\.value) == ["y/a"])
  }

  @Test("Values that double ten times, and chains of thousands of parameters, are refused and not made")
  func parameterBombs() {
    let twice = String(repeating: "${p0}", count: 2)
    var doubled = "p0: \"\(String(repeating: "x", count: 50))\""
    for level in 1...20 { doubled += ", p\(level): \"\(twice.replacingOccurrences(of: "p0", with: "p\(level - 1)"))\"" }
    let chain = (0..<3000).map { "p\($0): \"${p\($0 + 1)}\"" }.joined(separator: ", ") + ", p3000: x"
    for (parameters, words) in [(doubled, "more than 65536 bytes"), (chain, "more than 100 parameters")] {
      let text = "parameters: { \(parameters) }\nstages: { t: { uses: read, files: a } }"
      let error = #expect(throws: PipelineError.self) { try StandardKinds.parse(text, file: "p.yaml") }
      #expect(error?.description.contains(words) == true)
    }
  }

  @Test("Parameters that are made from each other are one problem")
  func parameterCycle() {
    let text = "parameters: { a: \"${b}\", b: \"${a}\" }\nstages: { t: { uses: read, files: \"${a}\" } }"
    let error = #expect(throws: PipelineError.self) { try StandardKinds.parse(text, file: "p.yaml") }
    #expect(error?.problems.count == 1)
    #expect(
      error?.description.hasPrefix("p.yaml:1:29: a cycle of parameters: “a” → “b” → “a”") == true)
  }

  @Test("A stage's name must work as a file name", arguments: ["../a", ".a", "a/b", "a b", "ä", "\"\""])
  func badNames(name: String) {
    let error = #expect(throws: PipelineError.self) {
      try StandardKinds.parse("stages:\n  \(name): { uses: read }", file: "p.yaml")
    }
    #expect(error?.description.hasPrefix("p.yaml:2:3: expected a stage name of letters") == true)
  }

  @Test("Names of letters, digits, underscores, hyphens and dots are fine", arguments: ["a", "A-1_b.c", "7", "_"])
  func goodNames(name: String) throws {
    #expect(try StandardKinds.parse("stages:\n  \(name): { uses: read }", file: "p.yaml").stages.map(\.name) == [name])
  }

  @Test("Missing stages are named along with other syntax mistakes")
  func missingStages() {
    let error = #expect(throws: PipelineError.self) { try StandardKinds.parse("nmae: x", file: "p.yaml") }
    #expect(error?.problems.count == 2)
  }

  @Test("A file that is not a pipeline's text is named for what it is")
  func notText() throws {
    let folder = try TemporaryFolder()
    func error(_ file: String) -> String? {
      #expect(throws: PipelineError.self) { try PipelineFile.check(file, in: standardRegistry) }?.description
    }
    func expects(_ file: String, _ found: String, line: Int = 1) {
      let text = error(file)
      #expect(text?.hasPrefix("\(file):\(line):1: expected ") == true && text?.contains(found) == true, "\(text ?? "")")
    }
    expects("no/such/pipeline.yaml", ", found no such file")
    expects(folder.path, ", found a folder")
    expects(try folder.write("a", [0x7F, 0x45, 0x4C, 0x46, 0, 1, 2]), ", found a binary file")
    expects(try folder.write("b", [0x1F, 0x8B, 8, 0, 0, 0, 0, 0]), ", found a gzip file")
    expects(try folder.write("c", [0xFF, 0xFE, 0x73, 0, 0x74, 0]), ", found text in UTF-16")
    expects(
      try folder.write("d", Array("name: x\n# ".utf8) + [0xFC, 0x0A]), ", found bytes that are not UTF-8", line: 2)
    expects(try folder.write("e", [UInt8](repeating: 0x20, count: 1 << 20 + 1)), " of at most 1048576 bytes")
  }

  @Test("A byte order mark changes nothing, not even places")
  func byteOrderMark() throws {
    let folder = try TemporaryFolder()
    func check(_ name: String, _ text: String) throws -> PipelineFile.Checked {
      try PipelineFile.check(folder.write(name, text: text), in: standardRegistry)
    }
    let good = try check("p.yaml", "\u{FEFF}stages: { a: { uses: read, files: x } }")
    #expect(good.problems.isEmpty && good.description.stages[0].options["files"]?.values.map(\.value) == ["x"])
    let text = "stagse: { a: { uses: read } }"
    let (plain, marked) = (try check("q.yaml", text).problems, try check("q.yaml", "\u{FEFF}" + text).problems)
    #expect(plain == marked && plain.count == 1)
  }
}
