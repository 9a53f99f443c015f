import TestSupport
import Testing

@testable import Plan
@testable import Stages
@testable import Support

@Suite("Inputs of measuring other than moments")
struct MeasureInputsTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func stage(_ options: [String: String]) -> MeasureStage {
    var description = StageDescription(name: "g", kind: Located("measure", .option("measure")))
    for (name, value) in options {
      description.options[name] = .init(.option("--\(name)"), [Located(value, .option("--\(name)"))])
    }
    var decoder = OptionDecoder(description, MeasureStage.options)
    return MeasureStage(decoding: &decoder)
  }

  @Test("No options give no remarks")
  func nothing() throws {
    let stage = stage([:])
    #expect(try MeasureInputs(stage, outOfDistribution: []).provenance(stage).isEmpty)
  }

  @Test("Provenance identifies by content what selects and groups")
  func provenance() throws {
    let list = try folder.write("tokens.txt", text: "5\n3\n")
    let same = try folder.write("same.txt", text: "# the same\n3\n5\n")
    let tokenizer = try folder.write("t.json", text: #"{"model": {"vocab": {"a": 1}}}"#)
    func members(_ list: String) throws -> [JSONValue.Member] {
      let stage = stage(["tokens": list, "max-count": "9", "bands": "4", "types": "true", "tokenizer": tokenizer])
      return try MeasureInputs(stage, outOfDistribution: []).provenance(stage)
    }
    #expect(
      try members(list).map(\.key) == ["tokens_checksum", "bands", "types", "tokenizer_checksum"])
    #expect(try members(list) == members(same))
  }
}
