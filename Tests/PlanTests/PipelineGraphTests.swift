import Foundation
import TestSupport
import Testing

@testable import KindsForTests
@testable import Plan
@testable import Slurm
@testable import Stages

@Suite("Pipeline graphs")
struct PipelineGraphTests {
  private func graph(_ stages: String) throws -> PipelineGraph {
    try self.graph(text: "parameters: { out: o }\nstages:\n\(stages)")
  }

  private func graph(text: String, settings: [String] = []) throws -> PipelineGraph {
    let (description, problems) = StandardKinds.check(text: text, file: "p.yaml", settings: settings)
    return try StandardKinds.graph(description, found: problems)
  }

  private func problems(_ stages: String) -> String {
    let error = #expect(throws: PipelineError.self) { try graph(stages) }
    return error?.description ?? ""
  }

  @Test("A reader runs with its consumers, and artefacts come before their users, whatever the file's order")
  func units() throws {
    let graph = try graph(
      """
        geometry: { uses: measure, moments: all }
        all: { uses: merge, states: [one, two] }
        one: { uses: accumulate, from: stream }
        two: { uses: accumulate, from: stream, within: none }
        stream: { uses: read, files: "-" }
      """)
    #expect(graph.units.map { $0.map { graph.stages[$0].name } } == [["stream", "one", "two"], ["all"], ["geometry"]])
    #expect(graph.outputFolder == "o")
  }

  @Test("An unknown kind or option is answered with the likely one")
  func misspelt() {
    #expect(
      problems("  a: { uses: raed, files: \"-\" }").contains(
        "p.yaml:3:14: unknown stage kind “raed”\n  → did you mean “read”?"))
    #expect(
      problems("  a: { uses: read, file: \"-\" }").contains("unknown option “file” of read\n  → did you mean “files”?"))
  }

  @Test("A reference to nothing, or to the wrong kind of stage, is answered with the likely one")
  func references() {
    #expect(
      problems("  train: { uses: read, files: \"-\" }\n  m: { uses: accumulate, from: trian }")
        .contains("p.yaml:4:32: no stage “trian”\n  → did you mean “train”?"))
    #expect(
      problems("  train: { uses: read, files: \"-\" }\n  m: { uses: measure, moments: train }")
        .contains("moments of “m” needs moments, but “train” makes a stream"))
  }

  @Test("A reference to the wrong kind is answered with the option that takes it, or with the kind of stage to add")
  func wrongKindOfReference() {
    let stages = "  table: { uses: collect, measures: no.json }\n  found: { uses: study, tables: table }\n"
    #expect(
      problems(stages + "  page: { uses: report, measures: found }").contains(
        "measures of “page” needs measurements, but “found” makes a study\n  → write study: found"))
    #expect(
      problems("  g: { uses: measure, moments: no.h5 }\n  found: { uses: study, tables: g }").contains(
        "tables of “found” needs a table, but “g” makes measurements\n  → add a stage with uses: collect, and name it here"
      )
    )
    #expect(
      problems(stages + "  page: { uses: report, study: table }").contains(
        "study of “page” needs a study, but “table” makes a table\n  → did you mean “found”?")
        || problems(stages + "  page: { uses: report, study: table }").contains("→ use one of found"))
  }

  @Test("A missing input file is named before anything runs")
  func missingInput() {
    #expect(problems("  a: { uses: read, files: no-such.npy }").contains("p.yaml:3:27: no-such.npy: expected a file"))
  }

  @Test("Two stages that write one file are refused")
  func outputs() {
    let text = problems(
      """
        train: { uses: read, files: "-" }
        a: { uses: accumulate, from: train, output: x.h5 }
        b: { uses: accumulate, from: train, output: x.h5 }
      """)
    #expect(text.contains("“b” would write x.h5, as “a” does"))
  }

  @Test(
    "Two outputs are one file however it is spelled, the standard name in the output folder included",
    arguments: ["o/./x.h5", "o/../o/x.h5", "o//x.h5", "o/new/../x.h5"])
  func spelling(other: String) {
    #expect(
      problems("  x: { uses: merge, states: [] }\n  b: { uses: merge, states: [], output: \(other) }").contains(
        "p.yaml:4:41: “b” would write \(other), as “x” does"))
    #expect(
      problems("  b: { uses: merge, states: [], output: \(other) }\n  x: { uses: merge, states: [] }").contains(
        "p.yaml:3:41: “b” would write \(other), as “x” does"))
  }

  @Test("A timeline is an output, whether named or with a name that follows from the state's")
  func timelines() {
    let text = problems(
      """
        train: { uses: read, files: "-" }
        a: { uses: accumulate, from: train, output: x.h5, measure-every: 1e6 }
        b: { uses: accumulate, from: train, output: y.h5, measure-every: 1e6, timeline: ./x.timeline.csv }
        c: { uses: accumulate, from: train, output: z.h5, timeline: t.csv }
      """)
    #expect(text.contains("“b” would write ./x.timeline.csv, as “a” does"), "\(text)")
    #expect(text.contains("expected measure-every with timeline"), "\(text)")
  }

  @Test("A timeline needs its own name, or a state that is kept")
  func timelinePlace() throws {
    func description(_ options: String, _ parameters: String = "{}") -> String {
      """
      parameters: \(parameters)
      stages:
        train: { uses: read, files: "-" }
        a: { uses: accumulate, from: train, measure-every: 10\(options) }
      """
    }
    let folder = try TemporaryFolder()
    func check(_ text: String) throws { _ = try StandardKinds.graph(file: folder.write("p.yaml", text: text)) }
    let error = #expect(throws: PipelineError.self) { try check(description("")) }
    #expect(
      error?.description.contains("p.yaml:4:54: expected a file for the timeline") == true,
      "\(String(describing: error))")
    try check(description(", timeline: t.csv"))
    try check(description(", output: m.h5"))
    try check(description("", "{ out: o }"))
  }

  @Test("A stage that would write one file twice is refused")
  func twice() {
    #expect(
      problems("  g: { uses: measure, moments: x, output: x.json, classes: ./x.json }").contains(
        "“g” would write ./x.json twice"))
    let unnamed = problems("  g: { uses: measure, moments: x, output: '', classes: '' }")
    #expect(unnamed.contains("for classes, found an empty name") && !unnamed.contains("twice"))
  }

  @Test("Two outputs through a link are one file, even if the link leads to nothing yet")
  func links() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createSymbolicLink(atPath: folder.file("link"), withDestinationPath: "later/x.h5")
    try FileManager.default.createSymbolicLink(atPath: folder.file("later"), withDestinationPath: ".")
    let text = problems(
      """
        a: { uses: merge, states: [], output: "\(folder.file("x.h5"))" }
        b: { uses: merge, states: [], output: "\(folder.file("link"))" }
      """)
    #expect(text.contains("“b” would write \(folder.file("link")), as “a” does"))
  }

  @Test(
    "An output that is an input of the same pipeline is refused, under any name", arguments: ["own", "soft", "hard"])
  func outputIsInput(name: String) throws {
    let folder = try TemporaryFolder()
    let own = try folder.write("own", text: "input")
    try FileManager.default.createSymbolicLink(atPath: folder.file("soft"), withDestinationPath: "own")
    try FileManager.default.linkItem(atPath: own, toPath: folder.file("hard"))
    let output = folder.file(name)
    #expect(
      problems("  t: { uses: read, files: \"\(own)\" }\n  m: { uses: accumulate, from: t, output: \"\(output)\" }")
        .contains("p.yaml:4:43: “m” would write \(output), which “t” reads"))
    #expect(
      problems("  m: { uses: merge, states: [\"\(own)\"], output: \"\(output)\" }")
        .contains("“m” would write \(output), which it reads"))
    #expect(
      problems("  g: { uses: measure, moments: \"\(own)\", classes: \"\(output)\" }").contains("which it reads"))
    #expect(
      problems("  g: { uses: measure, moments: x, classifier: \"\(own)#head\", output: \"\(output)\" }")
        .contains("which it reads"))
  }

  @Test("On the command line, an output over an input is wrong usage")
  func usage() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("a.h5", text: "input")
    let value = { (name: String) in
      StageDescription.Option(.option(name), [Located(path, .option(name))])
    }
    let stage = StageDescription(
      name: "merge", kind: Located("merge", .option("merge")),
      options: ["states": value("STATE"), "output": value("--output")])
    let error = #expect(throws: PipelineError.self) {
      try StandardKinds.graph(PipelineDescription(name: "collapse", stages: [stage]))
    }
    #expect(error?.isUsage == true)
    #expect(error?.description.hasPrefix("--output: “merge” would write \(path), which it reads") == true)
  }

  @Test("Stages that wait for each other are refused")
  func cycles() {
    let text = problems("  a: { uses: merge, states: [b] }\n  b: { uses: merge, states: [a] }")
    #expect(text.contains("p.yaml:3:14: a cycle of stages that wait for each other: “a” → “b” → “a”"))
  }

  @Test("A stage that needs itself is a cycle, named once")
  func selfCycle() {
    let error = #expect(throws: PipelineError.self) { try graph("  a: { uses: merge, states: [a, a] }") }
    #expect(error?.problems.map(\.message) == ["a cycle of stages that wait for each other: “a” → “a”"])
  }

  @Test("All mistakes are found in one pass")
  func all() {
    let error = #expect(throws: PipelineError.self) {
      try graph(
        """
          a: { uses: raed }
          b: { uses: accumulate, form: a, within: poled }
          c: { uses: measure, moments: x, threads: none }
        """)
    }
    #expect(error?.problems.count == 6)
  }

  @Test("Syntax mistakes do not hide those of stages, and all come in the order of the file")
  func formAndStages() {
    let error = #expect(throws: PipelineError.self) {
      try graph(
        text: """
          nmae: x
          stages:
            a: { uses: raed }
            b: { files: x }
            c: { uses: read, files: "${dta}/x.npy" }
            d: { uses: accumulate, from: c, within: poled }
          """)
    }
    #expect(
      error?.problems.map { "\($0.place) \($0.message)" } == [
        "p.yaml:1:1 unknown key “nmae” in a pipeline", "p.yaml:3:14 unknown stage kind “raed”",
        "p.yaml:4:6 stage “b” does not say what it uses", "p.yaml:5:27 unknown parameter “dta”",
        "p.yaml:6:43 expected none or pooled or pooled-single for within, found “poled”",
      ])
  }

  @Test(
    "One mistake is one problem",
    arguments: [
      "  a: { files: \"-\" }\n  m: { uses: accumulate, from: a }",
      "  a: { uses: [read] }\n  m: { uses: accumulate, from: a }",
      "  a: { uses: raed, files: \"-\" }\n  m: { uses: accumulate, from: a }",
      "  a: { uses: read, files: \"${x}.npy\" }\n  m: { uses: accumulate, from: a }",
      "  a: { uses: read, files: { b: c } }\n  m: { uses: accumulate, from: a }",
      "  a: { uses: read, files: \"-\" }\n  m: { uses: accumulate, from: \"${x}\" }",
      "  a: { uses: read, files: \"-\" }\n  m: { uses: accumulate, from: b }",
      "  m: { uses: accumulate, from: m }",
    ])
  func noCascade(stages: String) {
    let error = #expect(throws: PipelineError.self) { try graph(stages) }
    #expect(error?.problems.count == 1, "\(error?.description ?? "")")
  }

  @Test("A cycle is named along with other mistakes")
  func cycleAmongOthers() {
    let error = #expect(throws: PipelineError.self) {
      try graph("  x: { uses: raed }\n  a: { uses: merge, states: [b] }\n  b: { uses: merge, states: [a] }")
    }
    #expect(error?.problems.count == 2)
    #expect(error?.description.contains("p.yaml:4:14: a cycle of stages") == true)
  }

  @Test("Standard input is read once")
  func standardInput() {
    let two = problems(
      """
        a: { uses: read, files: "-" }
        b: { uses: read, files: "-" }
        m: { uses: accumulate, from: a }
        n: { uses: accumulate, from: b }
      """)
    #expect(two.hasPrefix("p.yaml:4:27: “b” would read standard input, as “a” does"))
    let one = problems("  a: { uses: read, files: [\"-\", \"-\"] }\n  m: { uses: accumulate, from: a }")
    #expect(one.hasPrefix("p.yaml:3:33: “a” would read standard input twice"))
  }

  @Test("A pipeline that would make nothing is refused", arguments: ["stages: {}", "name: x\nstages: {}"])
  func nothing(text: String) {
    let error = #expect(throws: PipelineError.self) { try graph(text: text) }
    #expect(error?.problems.map(\.message) == ["expected a stage, found none: nothing to do"])
    #expect(error?.isUsage == false)
  }

  @Test("A stream without a consumer is refused")
  func untaken() {
    let text = problems(
      "  a: { uses: read, files: \"-\" }\n  m: { uses: accumulate, from: a }\n  b: { uses: read, files: Package.swift }"
    )
    #expect(text.hasPrefix("p.yaml:5:14: “b” reads a stream that no stage takes"))
  }

  @Test(
    "An impossible output folder is refused where it was named", arguments: ["", " ", "FILE", "FILE/below"])
  func outputFolder(out: String) throws {
    let folder = try TemporaryFolder()
    let out = out.replacing("FILE", with: try folder.write("file", text: "x"))
    let stages = "stages:\n  a: { uses: read, files: \"-\" }\n  m: { uses: accumulate, from: a }"
    let inFile = #expect(throws: PipelineError.self) { try graph(text: "parameters: { out: \"\(out)\" }\n\(stages)") }
    #expect(inFile?.problems.map(\.place) == [.file("p.yaml", line: 1, column: 20)])
    let set = #expect(throws: PipelineError.self) {
      try graph(text: "parameters: { out: o }\n\(stages)", settings: ["out=\(out)"])
    }
    #expect(set?.description.hasPrefix("--set: expected a folder for out, found ") == true)
    #expect(set?.isUsage == true)
  }

  @Test("A command-line option that two stages share is one problem")
  func sharedOption() {
    let value = { (name: String, text: String) in
      StageDescription.Option(.option(name), [Located(text, .option(name))])
    }
    let read = StageDescription(
      name: "read", kind: Located("read", .option("read")),
      options: ["files": value("INPUT", "-"), "threads": value("--threads", "0")])
    let accumulate = StageDescription(
      name: "accumulate", kind: Located("accumulate", .option("accumulate")),
      options: ["from": value("INPUT", "read"), "threads": value("--threads", "0")])
    let error = #expect(throws: PipelineError.self) {
      try StandardKinds.graph(PipelineDescription(name: "collapse", stages: [read, accumulate]))
    }
    #expect(error?.problems.count == 1)
  }

  @Test(
    "A value of the wrong type is named at its position, with advice",
    arguments: [
      ("files: { a: b }", "p.yaml:3:27: expected one value for files\n  → write files: value"),
      ("files:", "p.yaml:3:27: expected one value for files, found none"),
      ("files: [LICENSE, [x]]", "p.yaml:3:37: expected one value for files"),
      (
        "files: LICENSE, bf16: 3",
        "p.yaml:3:42: expected true or false for bf16, found “3”\n  → write, for example, bf16: true"
      ),
      ("files: LICENSE, bf16: [true, false]", "p.yaml:3:36: expected one value for bf16\n  → give bf16 a single value"),
      ("files: LICENSE, threads: 1.5", "p.yaml:3:45: expected a whole number from 1 to 4096 for threads, found “1.5”"),
      ("files: LICENSE, threads: ~", "p.yaml:3:45: expected one value for threads, found none"),
      ("files: LICENSE, nonfinite: true", "p.yaml:3:47: expected error or skip for nonfinite, found “true”"),
    ])
  func types(options: String, message: String) {
    let error = #expect(throws: PipelineError.self) {
      try graph("  a: { uses: read, \(options) }\n  m: { uses: accumulate, from: a }")
    }
    #expect(error?.problems.count == 1 && error?.description.hasPrefix(message) == true, "\(error?.description ?? "")")
  }

  @Test(
    "A reference to the wrong kind of stage is answered with those of the right one, for every option that refers")
  func wrongKind() {
    let stages = """
        stream: { uses: read, files: LICENSE }
        moments: { uses: accumulate, from: stream }
        decisions: { uses: decide, from: stream, moments: LICENSE }
        measures: { uses: measure, moments: moments }
        table: { uses: collect, measures: measures }
      """
    let made: [Product] = [.stream, .moments, .decisions, .measures, .table]
    for kind in StageKinds.all {
      for option in kind.options {
        guard let needs = option.needs else { continue }
        for product in made {
          let others = kind.options.filter { $0.isRequired && $0.name != option.name }
            .map { ", \($0.name): \($0.needs?.rawValue ?? "LICENSE")" }.joined()
          let (description, found) = StandardKinds.check(
            text:
              "parameters: { out: o }\nstages:\n\(stages)\n  x: { uses: \(kind.name), \(option.name): \(product)\(others) }",
            file: "p.yaml")
          var check = GraphCheck(description, in: standardRegistry, found: found)
          _ = check.stages()
          let wrong = check.problems.filter { $0.message.contains("\(option.name) of “x” needs \(needs.phrase)") }
          #expect(wrong.count == (product == needs ? 0 : 1), "\(kind.name) \(option.name) \(product)")
        }
      }
    }
  }

  @Test("A result that would be thrown away is an error that names the line to add; without one, all is well")
  func thrownAway() throws {
    let read = "stages:\n  s: { uses: read, files: LICENSE }\n"
    let error = #expect(throws: PipelineError.self) {
      try graph(
        text: read + """
            m: { uses: accumulate, from: s }
            n: { uses: accumulate, from: s }
            g: { uses: measure, moments: n }
          """)
    }
    #expect(
      error?.description == """
        p.yaml:3:14: the result of “m” would be thrown away: it has no file, and no stage needs it
          → add parameters: { out: FOLDER }, or output: FILE to “m”
        """)
    for kept in [
      "  m: { uses: accumulate, from: s, output: m.h5 }",
      "  m: { uses: accumulate, from: s, timeline: t.csv, measure-every: 9 }",
      "  m: { uses: accumulate, from: s }\n  g: { uses: measure, moments: m }",
    ] { #expect(throws: Never.self) { try graph(text: read + kept) } }
    #expect(throws: Never.self) {
      try graph(text: "parameters: { out: o }\n" + read + "  m: { uses: accumulate, from: s }")
    }
  }
}
