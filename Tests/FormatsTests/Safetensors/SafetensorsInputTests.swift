import Foundation
import TestSupport
import Testing

@testable import Formats
@testable import Samples

@Suite("Safetensors as a stream")
struct SafetensorsInputTests {
  @Test(
    "The same samples give the same blocks, in one file and in shards",
    arguments: ["samples.safetensors", "model.safetensors.index.json"])
  func same(container: String) throws {
    let expected = try readAll(Fixtures.file("samples.npy"))
    let (blocks, summary) = try readAll(Fixtures.file(container))
    #expect(blocks == expected.blocks && summary.digest == expected.summary.digest && summary.rows == 150)
  }

  @Test("Tensors are chosen by name, and labels may be uint16; tokens are shifted unless they are named as labels")
  func names() throws {
    let file = Fixtures.file("named.safetensors")
    let names = ArrayNames(labels: "tokens", features: "hidden", predictions: "chosen")
    #expect(
      try readAll(file, options: ReadOptions(arrays: names)).blocks == readAll(Fixtures.file("samples.npy")).blocks)
    #expect(try readAll(file).summary.rows == 149)
  }

  @Test("Every type of features and labels is read", arguments: ScalarType.allCases, ["I32", "I64", "U16"])
  func types(scalar: ScalarType, labels: String) throws {
    let folder = try TemporaryFolder()
    let samples = StreamSamples(rows: 77, dimension: 3, scalar: scalar)
    let names: [ScalarType: String] = [.float16: "F16", .bfloat16: "BF16", .float32: "F32", .float64: "F64"]
    let width = ["I32": 4, "I64": 8, "U16": 2][labels] ?? 4
    let tokens = samples.labels.flatMap { label in (0..<width).map { UInt8(truncatingIfNeeded: Int(label) >> (8 * $0)) }
    }
    let file = try folder.write(
      "any.name",
      Safetensors.file([
        ("labels", labels, [77], tokens), ("embeddings", names[scalar] ?? "", [77, 3], samples.features),
      ]))
    #expect(try readAll(file).blocks == samples.blocks)
    let overview = try StreamOverview(file)
    #expect(overview.rows == 77 && overview.container == "safetensors" && overview.featureTypes == [scalar.rawValue])
  }

  @Test("A large file resumes after any block")
  func positions() throws {
    let folder = try TemporaryFolder()
    let samples = StreamSamples(rows: 70_000, dimension: 5, scalar: .bfloat16)
    let file = try folder.write(
      "a.safetensors",
      Safetensors.file([
        ("labels", "I32", [70_000], NPY.bytes(of: samples.labels)),
        ("embeddings", "BF16", [70_000, 5], samples.features),
      ]))
    let whole = try readAll(file)
    #expect(whole.blocks == samples.blocks)
    let reader = EmbeddingReader(inputs: [file], options: ReadOptions())
    for done in 1...3 {
      _ = try reader.next()
      let position = try #require(reader.position)
      let other = try #require(EmbeddingReader(inputs: [file], options: ReadOptions(threads: 2), after: position))
      var rest: [BlockContent] = []
      while let block = try other.next() { rest.append(BlockContent(block)) }
      #expect(rest == Array(whole.blocks[done...]) && other.finish() == whole.summary)
    }
  }

  @Test("A row that is not finite is named by file and row")
  func nonfinite() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(
      "a.safetensors",
      Safetensors.file([
        ("labels", "I32", [3], NPY.bytes(of: [1, 2, 3] as [Int32])),
        ("embeddings", "F32", [3, 1], NPY.bytes(of: [1, .nan, 2] as [Float])),
      ]))
    expectError(.nonfinite, file: file, position: "row 1") { _ = try readAll(file) }
    #expect(try readAll(file, options: ReadOptions(nonfinite: .skip)).summary.skipped == 1)
  }
}
