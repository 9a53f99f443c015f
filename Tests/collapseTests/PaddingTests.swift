import Foundation
import TestSupport
import Testing

@Suite("Padded sequences")
struct PaddingTests {
  @Test("If the padding is the end-of-text token, the samples are those of an attention mask, byte for byte")
  func padding() throws {
    let folder = try TemporaryFolder()
    var generator = SeededGenerator(27)
    let (length, dimension) = (12, 4)
    let used = (0..<6).map { _ in Int.random(in: 5..<10, using: &generator) }
    let tokens = used.flatMap { used in
      (0..<length).map { $0 < used ? Int64.random(in: 1..<8, using: &generator) : 0 }
    }
    let features = (0..<used.count * length * dimension).map { _ in Float.random(in: -1...1, using: &generator) }
    // The mask covers a sequence's tokens; the first padding is the label of the last.
    let kept = used.indices.flatMap { row in (0..<used[row]).map { row * length + $0 } }
    try folder.write("tokens.npy", NPY.array("<i8", [used.count, length], NPY.bytes(of: tokens)))
    try folder.write("h.npy", NPY.array("<f4", [used.count, length, dimension], NPY.bytes(of: features)))
    try folder.write(
      "byhand.npy",
      NPY.integers(kept.map { tokens[$0 + 1] })
        + NPY.features(
          "<f4", kept.flatMap { features[$0 * dimension..<($0 + 1) * dimension] }, dimension: dimension))
    func state(_ arguments: String...) throws -> [UInt8] {
      let result = try Tool.run(Places.tool, ["accumulate"] + arguments + ["--output", folder.file("o.h5")])
      #expect(result.status == 0 && result.errors.contains("\(kept.count) samples of"), "\(result.errors)")
      return try folder.read("o.h5")
    }
    let apart = try state(
      folder.file("h.npy"), "--tokens", folder.file("tokens.npy"), "--end-of-text", "0")
    #expect(try apart == state(folder.file("byhand.npy")))
  }
}
