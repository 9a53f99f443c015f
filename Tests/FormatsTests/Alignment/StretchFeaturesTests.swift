import TestSupport
import Testing

@testable import Formats
@testable import Samples
@testable import Storage
@testable import Support

@Suite("Batches of positions")
struct StretchFeaturesTests {
  /// Ten positions from the third on; eight have labels, in runs of three sequences.
  private let stretch = NextTokenLabels.Stretch(
    positions: 2..<14,
    runs: [
      .init(positions: 3..<6, sequence: 4), .init(positions: 8..<9, sequence: 4), .init(positions: 9..<13, sequence: 6),
    ], labels: [30, 40, 50, 80, 90, 100, 110, 120])
  private let positions = [3, 4, 5, 8, 9, 10, 11, 12]

  private func batch(_ folder: TemporaryFolder, predictions: [Int32]? = nil, isCompressed: Bool = false) throws
    -> Batch
  {
    let array = NPY.features("<f4", (0..<30).map { Float($0) }, dimension: 2)
    let path = try folder.write("x", isCompressed ? Zstd.frames(array, of: 17) : array)
    let npy = try CursorArray.open(path, threads: 1)
    let features = PositionFeatures(
      try npy.bytes(from: 0), file: "x", at: 0, dimension: 2, scalar: .float32, type: npy.header.type,
      pool: BufferPool()
    ) { StreamError(.truncated, Diagnosis(expected: "\($0)", found: "", advice: "")) }
    return Batch(
      stretch, predictions: predictions, features: features, tokens: ElementType(kind: .unsigned, width: 2),
      firstRow: 100, mark: ResumablePosition(frame: 5, content: 6))
  }

  /// Reads rows in these counts, and expects those from `first` on.
  private func expect(
    _ batch: Batch, _ counts: [Int], from first: Int = 0, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let builder = try BlockBuilder(dimension: 2, scalar: .float32, firstRow: 0)
    for count in counts { try batch.read(count, into: builder) }
    #expect(batch.done == first + counts.reduce(0, +), sourceLocation: sourceLocation)
    let block = builder.finish()
    #expect(Array(block.labels) == Array(stretch.labels[first..<batch.done]), sourceLocation: sourceLocation)
    let read = positions[first..<batch.done]
    #expect(
      block.featureValues == read.flatMap { [Double(2 * $0), Double(2 * $0 + 1)] }, sourceLocation: sourceLocation)
    #expect(block.labels.indices.map { block.origin(ofRow: $0).row } == Array(read), sourceLocation: sourceLocation)
    let sequences = block.labels.indices.map { row in block.origins.last { $0.offset <= row }?.sequence }
    #expect(sequences == read.map { $0 < 9 ? 4 : 6 }, sourceLocation: sourceLocation)
  }

  @Test(
    "Rows are the labelled positions, with positions and sequences, in pieces of any size",
    arguments: [[8], [1, 3, 4], [2, 2, 2, 2], [1, 1, 1, 1, 1, 1, 1, 1], [7], [4, 3], [0, 5, 0]], [false, true])
  func read(counts: [Int], isCompressed: Bool) throws {
    let folder = try TemporaryFolder()
    let batch = try batch(folder, isCompressed: isCompressed)
    #expect(batch.rows == 8 && batch.dimension == 2 && batch.scalar == .float32 && !batch.hasPredictions)
    #expect(batch.typeNames == ("uint16", "float32") && batch.firstRow == 100)
    #expect(batch.start.mark == ResumablePosition(frame: 5, content: 6) && batch.start.offset == 2)
    try expect(batch, counts)
  }

  @Test("The first rows are skipped, wherever they are in a run", arguments: 0...7)
  func skipped(count: Int) throws {
    let folder = try TemporaryFolder()
    let batch = try batch(folder)
    try batch.skipFirst(count)
    #expect(batch.done == count)
    try expect(batch, [1, 7 - count], from: count)
  }

  @Test("Predictions stay with their rows")
  func predictions() throws {
    let folder = try TemporaryFolder()
    let chosen: [Int32] = [1, 2, 3, 4, 5, 6, 7, 8]
    let batch = try batch(folder, predictions: chosen)
    #expect(batch.hasPredictions)
    try batch.skipFirst(2)
    let builder = try BlockBuilder(dimension: 2, scalar: .float32, firstRow: 0)
    for count in [3, 3] { try batch.read(count, into: builder) }
    let block = builder.finish()
    withExtendedLifetime(block) { #expect(block.predictions.map { Array($0) } == Array(chosen[2...])) }
    let bare = try BlockBuilder(dimension: 2, scalar: .float32, firstRow: 0)
    try self.batch(folder).read(8, into: bare)
    #expect(bare.finish().predictions == nil)
  }

  @Test("A scan returns the labels of the rest")
  func scan() throws {
    let folder = try TemporaryFolder()
    let batch = try batch(folder)
    try batch.skipFirst(5)
    var labels: [Int32] = []
    try batch.scanLabels { labels += $0 }
    #expect(labels == [100, 110, 120] && batch.done == 8)
  }
}
