import Foundation
import TestSupport
import Testing

@testable import Pipeline

@Suite("Pipeline graphs")
struct PipelineGraphTests {
  private func graph(_ stages: String) throws -> PipelineGraph {
    try PipelineGraph(PipelineFile.parse("parameters: { out: o }\nstages:\n\(stages)", file: "p.yaml"))
  }

  private func problems(_ stages: String) -> String {
    let error = #expect(throws: PipelineError.self) { try graph(stages) }
    return error?.description ?? ""
  }

  @Test("A reader runs with its consumers, artefacts before what needs them, whatever the file's order")
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
    "Two outputs are one file however it is spelt, the standard name in the output folder among them",
    arguments: ["o/./x.h5", "o/../o/x.h5", "o//x.h5", "o/new/../x.h5"])
  func spelling(other: String) {
    #expect(
      problems("  x: { uses: merge, states: [] }\n  b: { uses: merge, states: [], output: \(other) }").contains(
        "p.yaml:4:41: “b” would write \(other), as “x” does"))
    #expect(
      problems("  b: { uses: merge, states: [], output: \(other) }\n  x: { uses: merge, states: [] }").contains(
        "p.yaml:3:41: “b” would write \(other), as “x” does"))
  }

  @Test("A stage that would write one file twice is refused")
  func twice() {
    #expect(
      problems("  g: { uses: measure, moments: x, output: x.json, classes: ./x.json }").contains(
        "“g” would write ./x.json twice"))
  }

  @Test("Two outputs by way of a link, though it leads to nothing yet, are one file")
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
    "An output that is an input of the same pipeline is refused, by whatever name", arguments: ["own", "soft", "hard"])
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

  @Test("An output over an input is wrong usage on the command line")
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
      try PipelineGraph(PipelineDescription(name: "collapse", stages: [stage]))
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

  @Test("All mistakes are found in one go")
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
}
