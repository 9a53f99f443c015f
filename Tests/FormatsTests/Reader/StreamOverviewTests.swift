import Foundation
import TestSupport
import Testing

@testable import Formats

@Suite("Stream census")
struct StreamOverviewTests {
  private let samples = StreamSamples(rows: 50, dimension: 3, scalar: .float16, predictions: true)

  @Test("A census counts rows, batches, classes and bytes, and names the types")
  func counts() throws {
    let folder = try TemporaryFolder()
    let stream = samples.stream(batches: [10, 0, 25])
    let overview = try StreamOverview(folder.write("a", stream))
    #expect(overview.rows == 50 && overview.batches == 4 && overview.dimension == 3)
    #expect(overview.batchRows == (0, 25))
    #expect(overview.labelTypes == ["int32"] && overview.featureTypes == ["float16"])
    #expect(overview.batchesWithPredictions == 4)
    #expect(overview.classes == Set(samples.labels).count)
    #expect(overview.tokenRange == samples.labels.min()!...samples.labels.max()!)
    #expect(
      overview.bytes == stream.count && overview.decodedBytes == stream.count && overview.container == "NPY")
  }

  @Test("A compressed stream and a pipe have the same census, except for their bytes")
  func containers() throws {
    let folder = try TemporaryFolder()
    let stream = samples.stream(batches: [10, 25])
    let frames = Zstd.frames(stream, of: 100)
    let packed = try StreamOverview(folder.write("a", frames))
    #expect(
      packed.container == "NPY in Zstandard" && packed.bytes == frames.count && packed.decodedBytes == stream.count)
    #expect(packed.rows == 50 && packed.classes == Set(samples.labels).count)
    let (piped, plain) = (
      try StreamOverview(folder.pipe("b", of: stream)), try StreamOverview(folder.write("c", stream))
    )
    #expect(piped.rows == plain.rows && piped.batches == plain.batches && piped.batchRows == plain.batchRows)
    #expect(piped.dimension == plain.dimension && piped.bytes == plain.bytes && piped.classes == plain.classes)
    #expect(piped.tokenRange == plain.tokenRange)
  }

  @Test("All storage types are listed if they change")
  func types() throws {
    let folder = try TemporaryFolder()
    let other = StreamSamples(rows: 2, dimension: 3, scalar: .float32)
    let bytes = NPY.integers([7, 8] as [Int64]) + other.arrays(0..<2)[1]
    let overview = try StreamOverview(folder.write("a", samples.stream() + bytes + samples.stream()))
    #expect(overview.labelTypes == ["int32", "int64"] && overview.featureTypes == ["float16", "float32"])
    #expect(overview.batchesWithPredictions == 2)
  }

  @Test("Progress is reported after each batch, and may stop the census")
  func progress() throws {
    struct Stop: Error {}
    let folder = try TemporaryFolder()
    let stream = samples.stream(batches: [10, 25])
    let file = try folder.write("a", stream)
    var told: [Int] = []
    _ = try StreamOverview(file) { told.append($0) }
    #expect(told.count == 3 && told == told.sorted() && told.last == stream.count)
    #expect(throws: Stop.self) { _ = try StreamOverview(file) { _ in throw Stop() } }
  }

  @Test("The census refuses what reading refuses: bad labels and predictions, truncation, a change of dimension")
  func refused() throws {
    let folder = try TemporaryFolder()
    let good = samples.stream()
    let features = NPY.floats([[1, 2, 3], [4, 5, 6]])
    let label = try folder.write("label", good + NPY.integers([1, -1] as [Int32]) + features)
    expectError(.badLabel, file: label, position: "row 51") { _ = try StreamOverview(label) }
    let prediction = try folder.write(
      "prediction", good + NPY.integers([1, 1] as [Int32]) + NPY.integers([1, -7] as [Int32]) + features)
    expectError(.badLabel, file: prediction, position: "row 51", mentioning: "prediction", "-7") {
      _ = try StreamOverview(prediction)
    }
    for cut in [1, 100, 300] {
      let plain = try folder.write("cut", Array(good.dropLast(cut)))
      expectError(.truncated, file: plain) { _ = try StreamOverview(plain) }
      let packed = try folder.write("cut.zst", Zstd.frame(Array(good.dropLast(cut))))
      expectError(.truncated, file: packed) { _ = try StreamOverview(packed) }
    }
    let wider = try folder.write("wider", good + StreamSamples(rows: 2, dimension: 4, scalar: .float16).stream())
    expectError(.dimensionMismatch, file: wider, position: "row 50", mentioning: "dimension 3", "dimension 4") {
      _ = try StreamOverview(wider)
    }
    expectError(.missing) { _ = try StreamOverview(folder.file("missing")) }
  }

  @Test("A compressed stream without content has no rows, which is not an error here")
  func empty() throws {
    let folder = try TemporaryFolder()
    let overview = try StreamOverview(folder.write("a", Zstd.frame([])))
    #expect(overview.rows == 0 && overview.batches == 0 && overview.classes == 0 && overview.tokenRange == nil)
  }

  @Test("Features are not read, so a NaN does not matter")
  func nonfinite() throws {
    let folder = try TemporaryFolder()
    let stream = StreamSamples(labels: [1], rows: [[.nan, 1]]).stream()
    #expect(try StreamOverview(folder.write("a", stream)).rows == 1)
  }
}
