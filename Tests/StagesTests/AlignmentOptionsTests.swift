import Foundation
import TestSupport
import Testing

@testable import Formats
@testable import KindsForTests
@testable import Plan
@testable import Stages

@Suite("Options for separate tokens")
struct AlignmentOptionsTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for name in ["x-1.npy", "x-2.npy", "t-1.bin", "t-2.bin", "t-10.bin"] { try folder.write(name, [1]) }
  }

  private func decode(_ options: [String: [String]]) -> (stage: ReadStage, problems: [Problem]) {
    var decoder = OptionDecoder(
      StageDescription(
        name: "s", kind: Located("read", .option("read")),
        options: Dictionary(
          uniqueKeysWithValues: options.map { name, values in
            let place = SourcePosition.option("--\(name)")
            return (name, .init(place, values.map { Located($0, place) }))
          })), ReadStage.options)
    let stage = ReadStage(decoding: &decoder)
    var problems = decoder.problems
    stage.check(&problems)
    return (stage, problems)
  }

  @Test("Patterns are expanded in natural order, and arrays in files keep their names")
  func expanded() throws {
    let (stage, problems) = decode([
      "files": [folder.file("x-*.npy")], "tokens": [folder.file("t-[12].bin") + "#ids"], "token-type": ["uint32"],
      "sequence-lengths": [folder.file("t-2.bin"), folder.file("t-10.bin")], "end-of-text": ["3"],
      "ignore": ["-100", "4"], "every-sequence": ["5"],
    ])
    #expect(problems.isEmpty)
    #expect(
      try stage.options().alignment
        == TokenAlignment(
          tokens: [folder.file("t-1.bin#ids"), folder.file("t-2.bin#ids")], width: .uint32,
          bounds: .lengths([folder.file("t-2.bin"), folder.file("t-10.bin")]), endOfText: 3, ignored: [-100, 4],
          every: 5))
    #expect(
      stage.inputFiles
        == ["x-1.npy", "x-2.npy", "t-1.bin", "t-2.bin", "t-2.bin", "t-10.bin"].map { folder.file($0) })
    #expect(stage.fingerprint["ignore"] == #"["-100", "4"]"# && stage.fingerprint["sequence-lengths"] == ",")
  }

  @Test("Without tokens, none of these options is in the fingerprint, so old artefacts stay fresh")
  func fingerprint() {
    #expect(decode(["files": [folder.file("x-1.npy")]]).stage.fingerprint.keys.sorted() == ["bf16", "nonfinite"])
  }

  @Test("Missing files, or a different number of files than inputs, are problems of their options")
  func missing() {
    func problem(_ options: [String: [String]]) -> Problem? {
      decode(options.merging(["files": [folder.file("x-*.npy")]]) { own, _ in own }).problems.first
    }
    let none = problem(["tokens": [folder.file("none.bin")], "sequence-length": ["3"]])
    #expect(none?.place == .option("--tokens") && none?.message.contains("none.bin") == true)
    let many = problem(["tokens": [folder.file("t-*.bin")], "sequence-length": ["3"]])
    #expect(
      many?.place == .option("--tokens")
        && many?.message.contains("each of 2 input(s), or one for all, found 3") == true)
    #expect(problem(["tokens": [folder.file("t-1.bin")], "sequence-length": ["3"]]) == nil)
    let one = ["tokens": [folder.file("t-1.bin")], "sequence-lengths": [folder.file("x-*.npy")]]
    #expect(problem(one)?.message.contains("each of 1 token file(s), found 2") == true)
    let bounds = problem(["tokens": [folder.file("t-[12].bin")], "sequence-offsets": [folder.file("x-1.npy")]])
    #expect(bounds?.place == .option("--sequence-offsets"))
  }

  @Test("Standard input is features or tokens, not both")
  func standardInput() throws {
    let description = PipelineDescription(
      name: "p",
      stages: [
        StageDescription(
          name: "read", kind: Located("read", .option("read")),
          options: ["files": "-", "tokens": "-", "sequence-length": "3"].mapValues { value in
            .init(.option("x"), [Located(value, .option("x"))])
          }),
        StageDescription(
          name: "moments", kind: Located("accumulate", .option("accumulate")),
          options: ["from": "read", "output": folder.file("m.h5")].mapValues { value in
            .init(.option("y"), [Located(value, .option("y"))])
          }),
      ])
    #expect { _ = try StandardKinds.graph(description) } throws: { "\($0)".contains("standard input") }
  }
}
