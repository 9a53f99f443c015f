/// Where a run of a block's rows comes from, so that an error about a row can name its file, and sequences can be told apart.
public struct Origin: Sendable, Equatable {
  /// The source as the user named it: a path, or `-`.
  public let source: String
  /// The number, within the source, of the run's first row.
  public let firstRow: Int
  /// The number, within the block, of the run's first row.
  public let offset: Int
  /// The number of its sequence within the source, where the source says where sequences end.
  public let sequence: Int?

  public init(source: String, firstRow: Int, offset: Int, sequence: Int? = nil) {
    (self.source, self.firstRow, self.offset, self.sequence) = (source, firstRow, offset, sequence)
  }
}

/// Consecutive samples of a stream: a token class and a feature vector each, in storage type.
///
/// A block is filled by one writer and never changes once it is passed on. Its boundaries depend on the stream alone
/// (see ``capacity(dimension:scalar:)``), so whatever is computed block by block is the same for every container,
/// framing and thread count.
///
/// Features are not copied together: each row lies where reading or decompression left it, at any byte, and the block
/// keeps that memory alive.
///
/// `@unchecked Sendable` holds because the storage is written only through ``BlockBuilder``, which gives up the block
/// when it is finished; from then on all access is reading.
public final class Block: @unchecked Sendable {
  /// Features of one row.
  public let dimension: Int
  /// Storage type of the features, native byte order.
  public let scalar: ScalarType
  /// Rows held.
  public internal(set) var rows: Int
  /// The stream's number of the first row of the block, counted over all sources.
  public internal(set) var firstRow: Int
  /// Runs of rows by source, in order.
  public internal(set) var origins: [Origin] = []
  /// Whether rows carry predictions too; one that does not has ``noPrediction``.
  public internal(set) var hasPredictions = false

  private let storage: BlockStorage
  private let pool: BlockPool
  /// Rows that the block's own memory holds, from its beginning on.
  var ownRows = 0
  /// Owners of the memory in which rows lie that are not in the block's own.
  var owners: [any Sendable] = []

  var capacity: Int { storage.rows }
  var labelStorage: UnsafeMutablePointer<Int32> { storage.labels }
  var predictionStorage: UnsafeMutablePointer<Int32> { storage.predictions }
  var featureStorage: UnsafeMutableRawPointer { storage.features }
  var startStorage: UnsafeMutablePointer<UnsafeRawPointer> { storage.starts }

  init(dimension: Int, scalar: ScalarType, firstRow: Int, pool: BlockPool) {
    (self.dimension, self.scalar, self.firstRow, self.pool) = (dimension, scalar, firstRow, pool)
    rows = 0
    let capacity = Self.capacity(dimension: dimension, scalar: scalar)
    storage = pool.take(rows: capacity, featureBytes: capacity * dimension * scalar.byteCount)
  }

  deinit { pool.give(back: storage) }

  /// Features of a row at most; more are a damaged header rather than a model, and would make blocks of any size.
  public static let maximumDimension = 1 << 20

  /// Rows of a full block: the largest power of two whose features fit 64 MiB, within 16 … 32 768.
  ///
  /// These are the windows in which rows are grouped by class, so the number is part of the algorithm: another one gives
  /// other last digits. Every class of a window costs a visit to its mean, in main memory for most: with the skew of
  /// language a window of 1 024 rows makes 0.6 visits a row, one of 32 768 rows 0.29.
  public static func capacity(dimension: Int, scalar: ScalarType) -> Int {
    let rows = (64 << 20) / (max(dimension, 1) * scalar.byteCount)
    guard rows > 16 else { return 16 }
    return min(1 << (Int.bitWidth - 1 - rows.leadingZeroBitCount), 32_768)
  }

  /// Token class of each row.
  public var labels: UnsafeBufferPointer<Int32> { UnsafeBufferPointer(start: labelStorage, count: rows) }

  /// Stands for a prediction where a row of a block that has predictions carries none.
  public static let noPrediction: Int32 = -1

  /// The model's own choice for each row, where the stream carries it.
  public var predictions: UnsafeBufferPointer<Int32>? {
    hasPredictions ? UnsafeBufferPointer(start: predictionStorage, count: rows) : nil
  }

  /// Where the features of each row start; ``rowBytes`` of them, at any byte.
  public var rowStarts: UnsafeBufferPointer<UnsafeRawPointer> {
    UnsafeBufferPointer(start: startStorage, count: rows)
  }

  /// Calls `body` with the features of rows that lie one after another in memory, run by run, and the number of the
  /// run's first row, until it returns false.
  public func forEachRun(from row: Int = 0, _ body: (UnsafeRawBufferPointer, _ firstRow: Int) -> Bool) {
    var first = row
    while first < rows {
      var end = first + 1
      while end < rows, startStorage[end] == startStorage[end - 1] + rowBytes { end += 1 }
      guard body(UnsafeRawBufferPointer(start: startStorage[first], count: (end - first) * rowBytes), first) else {
        return
      }
      first = end
    }
  }

  /// The first row, from `row` on, that holds a NaN or an infinite feature, or nil.
  public func firstNonfiniteRow(from row: Int = 0) -> Int? {
    var found: Int?
    forEachRun(from: row) { features, first in
      guard let start = features.baseAddress else { return true }
      found = scalar.firstNonfinite(start, count: features.count / scalar.byteCount).map { first + $0 / dimension }
      return found == nil
    }
    return found
  }

  /// Bytes of one row of features.
  public var rowBytes: Int { dimension * scalar.byteCount }

  /// The source and the row number within it of a row of this block.
  public func origin(ofRow row: Int) -> (source: String, row: Int) {
    guard let run = originRun(ofRow: row) else { return ("", firstRow + row) }
    return (run.source, run.firstRow + row - run.offset)
  }

  /// The run that a row of this block is of.
  func originRun(ofRow row: Int) -> Origin? {
    // There may be as many as rows, where rows are positions of short sequences.
    var (low, high) = (0, origins.count)
    while low < high {
      let middle = (low + high) / 2
      if origins[middle].offset <= row { low = middle + 1 } else { high = middle }
    }
    return low > 0 ? origins[low - 1] : nil
  }
}
