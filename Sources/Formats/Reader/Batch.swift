import Samples
import Storage

/// Labelled rows of one input that are stored together, read in order, in any format.
final class Batch {
  let rows: Int
  /// Rows of the input before this batch.
  let firstRow: Int
  /// Where it starts, if the input can be resumed, and how much of the input comes before it.
  let start: (mark: ResumablePosition?, offset: Int)
  /// Rows already read.
  private(set) var done = 0
  private let labels: TokenColumn
  private let predictions: TokenColumn?
  private let features: any FeatureColumn

  /// - Parameter predictions: nil for a batch without predictions.
  init(
    rows: Int, labels: TokenColumn, predictions: TokenColumn?, features: any FeatureColumn, firstRow: Int,
    start: (mark: ResumablePosition?, offset: Int)
  ) {
    (self.rows, self.labels, self.predictions, self.features) = (rows, labels, predictions, features)
    (self.firstRow, self.start) = (firstRow, start)
  }

  var dimension: Int { features.dimension }
  var scalar: ScalarType { features.scalar }
  var hasPredictions: Bool { predictions != nil }
  /// The element types, in words.
  var typeNames: (labels: String, features: String) {
    (labels.typeName ?? labels.type.name, features.type.name)
  }

  /// Skips the first `count` rows; no row may have been read. Throws ``StreamError`` if there are fewer.
  func skipFirst(_ count: Int) throws {
    try ResumablePosition.check(count, in: 0...rows, labels.file)
    try features.skipFirst(count)
    done = count
  }

  /// Reads the next `count` rows into `builder`.
  func read(_ count: Int, into builder: borrowing BlockBuilder) throws {
    try features.read(done..<done + count, into: builder) { rows in
      let target = builder.next(rows.count)
      try labels.read(into: target.labels, row: rows.lowerBound)
      if let predictions {
        try predictions.read(into: target.predictions, row: rows.lowerBound)
        builder.carryPredictions()
      } else {
        target.predictions.update(repeating: Block.noPrediction)
      }
    }
    done += count
  }

  /// Skips the features, checks the predictions and calls `body` with the labels, one run at a time.
  func scanLabels(_ body: (UnsafeBufferPointer<Int32>) throws -> Void) throws {
    let run = UnsafeMutableBufferPointer<Int32>.allocate(capacity: min(max(rows, 1), 1 << 16))
    defer { run.deallocate() }
    while done < rows {
      let ids = UnsafeMutableBufferPointer(rebasing: run[..<min(run.count, rows - done)])
      try predictions?.read(into: ids, row: done)
      try labels.read(into: ids, row: done)
      try body(UnsafeBufferPointer(ids))
      done += ids.count
    }
    try features.skipAll()
  }
}

/// Features of the rows of a batch, read in order.
protocol FeatureColumn {
  var dimension: Int { get }
  var scalar: ScalarType { get }
  /// The stored type.
  var type: ElementType { get }

  /// Skips the first rows; no row may have been read.
  func skipFirst(_ rows: Int) throws
  /// Reads the next rows of the batch and commits them to `builder`.
  ///
  /// - Parameter label: writes the labels and predictions of a run of rows; called for each run before it is committed.
  func read(_ rows: Range<Int>, into builder: borrowing BlockBuilder, label: (Range<Int>) throws -> Void) throws
  /// Skips all rows if something follows them; no row may have been read.
  func skipAll() throws
}

extension FeatureColumn {
  func skipFirst(_ rows: Int) {}
  func skipAll() {}
}
