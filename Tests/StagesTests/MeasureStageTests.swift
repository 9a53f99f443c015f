import TestSupport
import Testing

@testable import KindsForTests
@testable import Plan
@testable import Stages

@Suite("Options of measure")
struct MeasureStageTests {
  private func problems(_ options: [String: String]) -> [String] {
    var description = StageDescription(name: "g", kind: Located("measure", .option("measure")))
    for (name, value) in options.merging(["moments": "m.h5"], uniquingKeysWith: { first, _ in first }) {
      description.options[name] = .init(.option("--\(name)"), [Located(value, .option("--\(name)"))])
    }
    var decoder = OptionDecoder(description, MeasureStage.options)
    _ = MeasureStage(decoding: &decoder)
    return decoder.problems.map(\.description)
  }

  @Test("Types need a tokenizer")
  func types() {
    #expect(
      problems(["types": "true"]) == [
        "--types: types needs tokenizer, which gives the type of each token\n  → add --tokenizer tokenizer.json"
      ])
    #expect(problems(["types": "true", "tokenizer": "t.json"]).isEmpty)
    #expect(problems(["types": "false"]).isEmpty)
  }

  @Test("A max-count below the min-count selects nothing")
  func counts() {
    #expect(
      problems(["max-count": "3", "min-count": "4"]) == [
        "--max-count: expected a max-count of at least min-count (4), found 3\n  → raise --max-count, or lower --min-count"
      ])
    #expect(problems(["max-count": "4", "min-count": "4"]).isEmpty)
    #expect(problems(["max-count": "0"]).count == 1)
  }

  @Test("Bands are a whole number of at least 1", arguments: ["0", "-1", "ten", "1.5", ""])
  func bands(value: String) { #expect(problems(["bands": value]).count == 1) }

  @Test("Files that options name are inputs, and missing ones are reported before anything runs")
  func files() throws {
    let folder = try TemporaryFolder()
    let state = try folder.write("m.h5", [])
    var description = StageDescription(name: "g", kind: Located("measure", .option("measure")))
    for (name, value) in [("moments", state), ("tokens", folder.file("t.txt")), ("tokenizer", folder.file("t.json"))] {
      description.options[name] = .init(.option("--\(name)"), [Located(value, .option("--\(name)"))])
    }
    let error = #expect(throws: PipelineError.self) {
      try StandardKinds.graph(PipelineDescription(name: "p", stages: [description]))
    }
    #expect(error?.problems.map(\.place) == [.option("--tokens"), .option("--tokenizer")])
    #expect(error?.isUsage == false)
  }
}
