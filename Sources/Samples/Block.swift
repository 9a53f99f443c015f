/// Where a run of a block's rows comes from, so that errors can name the file and sequences stay distinct.
public struct RowOrigin: Sendable, Equatable {
  /// The source as the user named it: a path, or `-`.
  public let source: String
  /// The run's first row, counted within the source.
  public let firstRow: Int
  /// The run's first row, counted within the block.
  public let offset: Int
  /// The run's sequence, counted within the source, if the source marks where sequences end.
  public let sequence: Int?
  /// Whether sequences are counted over all sources, so that one may begin in an earlier source.
  public let sequencesGoOn: Bool

  public init(source: String, firstRow: Int, offset: Int, sequence: Int? = nil, sequencesGoOn: Bool = false) {
    (self.source, self.firstRow, self.offset, self.sequence) = (source, firstRow, offset, sequence)
    self.sequencesGoOn = sequencesGoOn
  }
}

/// Consecutive samples of a stream: a token class and a feature vector each, in storage type.
///
/// One writer fills a block, and it never changes once passed on. Its boundaries depend on the stream alone (see
/// ``capacity(dimension:scalar:)``). Anything computed block by block is therefore the same for every container,
/// framing and thread count.
///
/// Features are not copied together: each row stays where reading or decompression left it, at any byte. The block
/// keeps that memory alive.
///
/// `@unchecked Sendable` holds because only ``BlockBuilder`` writes the storage, and it gives up the block when it
/// finishes. After that the block is only read.
public final class Block: @unchecked Sendable {
  /// Features of one row.
  public let dimension: Int
  /// Storage type of the features, native byte order.
  public let scalar: ScalarType
  /// Rows held.
  public internal(set) var rows: Int
  /// The block's first row, counted over all sources of the stream.
  public internal(set) var firstRow: Int
  /// Runs of rows by source, in order.
  public internal(set) var origins: [RowOrigin] = []
  /// Whether rows also have predictions; a row without one has ``noPrediction``.
  public internal(set) var hasPredictions = false

  let storage: BlockStorage
  private let pool: BlockPool
  /// Rows in the block's own memory, packed from its start.
  var ownRows = 0
  /// Owners of the memory of all other rows.
  var owners: [any Sendable] = []

  var capacity: Int { storage.rows }

  /// - Parameter holdsFeatures: whether it has memory for features, or lends all of them.
  init(dimension: Int, scalar: ScalarType, firstRow: Int, pool: BlockPool, holdsFeatures: Bool = true) throws {
    (self.dimension, self.scalar, self.firstRow, self.pool) = (dimension, scalar, firstRow, pool)
    rows = 0
    let capacity = Self.capacity(dimension: dimension, scalar: scalar)
    storage = try pool.take(
      rows: capacity, featureBytes: holdsFeatures ? capacity * dimension * scalar.byteCount : 0)
  }

  deinit { pool.give(back: storage) }

  /// The most features in a row. More would mean a damaged header, not a model, and would make blocks of unbounded
  /// size.
  public static let maximumDimension = 1 << 20

  /// Rows in a full block: the largest power of two whose features fit 64 MiB, within 16 … 32 768.
  ///
  /// Rows are grouped by class within these windows. The number is part of the algorithm: a different one changes the
  /// last digits. Each class in a window costs one visit to its mean, usually in main memory. With the skew of
  /// language, a window of 1 024 rows makes 0.6 visits per row, and one of 32 768 rows makes 0.29.
  public static func capacity(dimension: Int, scalar: ScalarType) -> Int {
    let rows = (64 << 20) / (max(dimension, 1) * scalar.byteCount)
    guard rows > 16 else { return 16 }
    return min(1 << (Int.bitWidth - 1 - rows.leadingZeroBitCount), 32_768)
  }

  /// Token class of each row.
  public var labels: UnsafeBufferPointer<Int32> { UnsafeBufferPointer(start: storage.labels, count: rows) }

  /// The prediction of a row that has none, in a block with predictions.
  public static let noPrediction: Int32 = -1

  /// The model's own choice for each row, if the stream has predictions.
  public var predictions: UnsafeBufferPointer<Int32>? {
    hasPredictions ? UnsafeBufferPointer(start: storage.predictions, count: rows) : nil
  }

  /// Where the features of each row start, at any byte. A row has ``rowBytes`` bytes.
  public var rowStarts: UnsafeBufferPointer<UnsafeRawPointer> {
    UnsafeBufferPointer(start: storage.starts, count: rows)
  }

  /// Calls `body` for each run of rows that are contiguous in memory, with their features and the run's first row.
  /// Stops when `body` returns false.
  public func forEachRun(from row: Int = 0, _ body: (UnsafeRawBufferPointer, _ firstRow: Int) -> Bool) {
    var first = row
    while first < rows {
      var end = first + 1
      while end < rows, storage.starts[end] == storage.starts[end - 1] + rowBytes { end += 1 }
      guard body(UnsafeRawBufferPointer(start: storage.starts[first], count: (end - first) * rowBytes), first) else {
        return
      }
      first = end
    }
  }

  /// The first row, from `row` on, with a NaN or infinite feature, or nil.
  public func firstNonfiniteRow(from row: Int = 0) -> Int? {
    var found: Int?
    forEachRun(from: row) { features, first in
      guard let start = features.baseAddress else { return true }
      found = scalar.firstNonfinite(start, count: features.count / scalar.byteCount).map { first + $0 / dimension }
      return found == nil
    }
    return found
  }

  /// Bytes in one row of features.
  public var rowBytes: Int { dimension * scalar.byteCount }

  /// The source of a row of this block, and the row's number within that source.
  public func origin(ofRow row: Int) -> (source: String, row: Int) {
    guard let run = originRun(ofRow: row) else { return ("", firstRow + row) }
    return (run.source, run.firstRow + row - run.offset)
  }

  /// The run that contains a row of this block.
  func originRun(ofRow row: Int) -> RowOrigin? {
    // Binary search: with short sequences there may be as many runs as rows.
    var (low, high) = (0, origins.count)
    while low < high {
      let middle = (low + high) / 2
      if origins[middle].offset <= row { low = middle + 1 } else { high = middle }
    }
    return low > 0 ? origins[low - 1] : nil
  }
}
