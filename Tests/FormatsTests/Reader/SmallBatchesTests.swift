import TestSupport
import Testing

@testable import Formats
@testable import Samples
@testable import Storage

@Suite("Streams of small batches")
struct SmallBatchesTests {
  private static let rows = 3_000

  @Test(
    "Batches of a row or two give the samples of one batch, from a file, frames or a pipe",
    arguments: [ScalarType.float32, .float64], [false, true])
  func containers(scalar: ScalarType, predictions: Bool) throws {
    let folder = try TemporaryFolder()
    let samples = StreamSamples(rows: Self.rows, dimension: 64, scalar: scalar, predictions: predictions)
    let stream = samples.stream(batches: (0..<2_000).map { 1 + $0 % 7 / 6 })
    let whole = try readAll([folder.write("whole", samples.stream())])
    let inputs = [
      try folder.write("a", stream), try folder.write("frame", Zstd.frame(stream)),
      try folder.write("frames", Zstd.frames(stream, of: 10_007)), try folder.pipe("pipe", of: stream, chunk: 999),
      try folder.pipe("frames pipe", of: Zstd.frames(stream, of: 70_001)),
    ]
    for input in inputs {
      let found = try readAll([input])
      #expect(found.blocks == whole.blocks && found.summary.samples == whole.summary.samples, "\(input)")
    }
    var (few, all) = (TokenCounts(), TokenCounts())
    try few.add(file: folder.file("a"), width: nil)
    try all.add(file: folder.file("whole"), width: nil)
    #expect(few.csv == all.csv && few.samples == Self.rows && few.choices == all.choices)
    let overview = try StreamOverview(folder.file("a"))
    #expect(overview.rows == Self.rows)
  }

  @Test("After many headers alike, another one is read as it is, and an error names its byte")
  func headers() throws {
    let folder = try TemporaryFolder()
    let batch = NPY.batch([1], [1, 2], dimension: 2)
    let many = Array(repeating: batch, count: 100).flatMap { $0 }
    let wide = NPY.labels([2, 3]) + NPY.array("<f8", [2, 2], NPY.bytes(of: [3, 4, 5, 6] as [Double]))
    let found = try readAll([folder.write("mixed", many + wide + batch)])
    #expect(found.summary.rows == 103 && found.summary.scalars == [.float32, .float64])
    let place = many.count + NPY.labels([2]).count
    let other = NPY.labels([2]) + NPY.array("<f4", [1, 3], [UInt8](repeating: 0, count: 12))
    expectError(.dimensionMismatch, mentioning: "row 100") {
      _ = try readAll([folder.write("other", many + other)])
    }
    let bad = NPY.labels([2]) + NPY.array("<c8", [1, 2], [UInt8](repeating: 0, count: 16))
    expectError(.unsupportedType, position: "byte \(place)") { _ = try readAll([folder.write("bad", many + bad)]) }
    let cut = many + batch.dropLast(3)
    expectError(.truncated, mentioning: "row 100") { _ = try readAll([folder.write("cut", Zstd.frame(cut))]) }
  }
}
