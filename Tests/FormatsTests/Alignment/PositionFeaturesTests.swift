import Foundation
import TestSupport
import Testing

@testable import Formats
@testable import Samples
@testable import Storage
@testable import Support

@Suite("Features by position")
struct PositionFeaturesTests {
  @Test("Any positions are read, in any pieces, lent and copied, in either byte order", arguments: 0..<40)
  func any(seed: Int) throws {
    var random = SeededGenerator(seed)
    let (count, dimension) = (Int.random(in: 1...3_000, using: &random), Int.random(in: 1...5, using: &random))
    let isBigEndian = seed % 4 == 0
    let numbers = (0..<count * dimension).map { _ in UInt32.random(in: 0..<0x7F80_0000, using: &random) }
    let stored = NPY.bytes(of: numbers.map { isBigEndian ? $0.bigEndian : $0.littleEndian })
    let folder = try TemporaryFolder()
    let array = NPY.array(isBigEndian ? ">f4" : "<f4", [count, dimension], stored)
    let bytes = seed % 2 == 0 ? array : Zstd.frames(array, of: Int.random(in: 50...9_000, using: &random))
    let opened = try CursorArray.open(folder.write("x", bytes), threads: 1 + seed % 3)
    let features = PositionFeatures(
      try opened.bytes(from: 0), file: "x", at: 0, dimension: dimension, scalar: .float32, type: opened.header.type,
      pool: BufferPool()
    ) { StreamError(.truncated, Diagnosis(expected: "\($0)", found: "", advice: "")) }
    let share: Double = [1.0, 0.9, 0.5, 0.02][seed % 7 % 4]
    var wanted: [Int] = []
    for position in 0..<count where Double.random(in: 0..<1, using: &random) < share { wanted.append(position) }
    let builder = try BlockBuilder(dimension: dimension, scalar: .float32, firstRow: 0)
    var labelled = 0
    for part in stride(from: 0, to: wanted.count, by: 700) {
      let some = wanted[part..<min(part + 700, wanted.count)]
      try features.read(
        some.map { .init(positions: $0..<$0 + 1, sequence: $0 / 10) }, lends: Bool.random(using: &random), into: builder
      ) { labelled += $0 }
    }
    #expect(labelled == wanted.count && builder.rows == wanted.count)
    let block = builder.finish()
    let expected = wanted.flatMap { numbers[$0 * dimension..<($0 + 1) * dimension] }
    #expect(block.featureBytes == NPY.bytes(of: expected))
    for (row, position) in wanted.enumerated() {
      #expect(block.origin(ofRow: row).row == position)
      #expect(block.origins.last { $0.offset <= row }?.sequence == position / 10)
    }
  }
}
