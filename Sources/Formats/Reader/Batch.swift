import Samples
import Storage

/// Labelled rows of one input that were stored together, being read in order, however they are stored.
final class Batch {
  let rows: Int
  /// Rows of the input before this batch.
  let firstRow: Int
  /// Where it starts, for inputs that can be resumed, and how much of the input comes before it.
  let start: (mark: ByteMark?, offset: Int)
  /// Rows already read.
  private(set) var done = 0
  private let labels: TokenColumn
  private let predictions: TokenColumn?
  private let features: any FeatureColumn

  /// - Parameter predictions: nil of a batch without.
  init(
    rows: Int, labels: TokenColumn, predictions: TokenColumn?, features: any FeatureColumn, firstRow: Int,
    start: (mark: ByteMark?, offset: Int)
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

  /// Passes over the first `count` rows, of a batch of which none was read.
  func skipFirst(_ count: Int) throws {
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

  /// Passes over the features, checks the predictions and calls `body` with the labels, by runs.
  func scanLabels(_ body: (UnsafeBufferPointer<Int32>) -> Void) throws {
    let run = UnsafeMutableBufferPointer<Int32>.allocate(capacity: min(max(rows, 1), 1 << 16))
    defer { run.deallocate() }
    while done < rows {
      let ids = UnsafeMutableBufferPointer(rebasing: run[..<min(run.count, rows - done)])
      try predictions?.read(into: ids, row: done)
      try labels.read(into: ids, row: done)
      body(UnsafeBufferPointer(ids))
      done += ids.count
    }
    try features.skipAll()
  }
}

/// Features of the rows of a batch, read in order.
protocol FeatureColumn {
  var dimension: Int { get }
  var scalar: ScalarType { get }
  /// As they are stored.
  var type: ElementType { get }

  /// Passes over the first rows; none was read.
  func skipFirst(_ rows: Int) throws
  /// Reads rows of the batch, those that come next, and commits them to `builder`.
  ///
  /// - Parameter label: writes what goes with rows of the batch, of which it is told one run after another, each before it is
  ///   committed.
  func read(_ rows: Range<Int>, into builder: borrowing BlockBuilder, label: (Range<Int>) throws -> Void) throws
  /// Passes over all rows, where something comes behind them; none was read.
  func skipAll() throws
}

extension FeatureColumn {
  func skipFirst(_ rows: Int) {}
  func skipAll() {}
}
