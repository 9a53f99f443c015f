import Samples
import Storage

/// One batch of an embedding stream, opened: its labels set aside, its features next in the source.
///
/// Rows are lent to a block where they lie; memory is bounded whatever the batch's size.
struct Batch: StreamBatch {
  let rows: Int
  let dimension: Int
  let scalar: ScalarType
  let hasPredictions: Bool
  /// Rows already read.
  private(set) var done = 0

  /// Where it starts, of sources that can be come back to, and the content of the source before it.
  let start: (mark: ByteMark?, offset: Int)

  private let cursor: ArrayCursor
  private let labels: Column
  private let predictions: Column?
  private let features: NPYHeader
  private let columnMajor: Spool?
  /// Rows of the source before this batch.
  let firstRow: Int

  /// A 1-d array of token ids, set aside.
  struct Column {
    let type: ElementType
    let spool: Spool
    let role: String
  }

  /// Opens the next batch, or returns nil at the end of the source.
  ///
  /// - Parameter spools: three, which the batches of one source take over from each other.
  init?(_ cursor: ArrayCursor, firstRow: Int, options: ReadOptions, spools: [Spool]) throws {
    self.cursor = cursor
    self.firstRow = firstRow
    start = (cursor.mark, cursor.offset)
    guard let first = try cursor.nextHeader() else { return nil }
    let layout = BatchLayout(file: cursor.name)
    try layout.checkTokens(first, role: "labels")
    labels = try Self.setAside(first, cursor, spools[0], role: "label")
    rows = first.shape[0]

    guard var next = try cursor.nextHeader() else { throw layout.labelsAlone(first) }
    if next.shape.count == 1 && next.type.isInteger {
      try layout.checkTokens(next, role: "predictions")
      try layout.checkRows(next, rows, role: "predictions")
      predictions = try Self.setAside(next, cursor, spools[1], role: "prediction")
      guard let after = try cursor.nextHeader() else { throw layout.labelsAlone(next) }
      next = after
    } else {
      predictions = nil
    }
    scalar = try layout.featureType(next, options)
    try layout.checkRows(next, rows, role: "features")
    hasPredictions = predictions != nil
    features = next
    dimension = next.shape[1]
    columnMajor = next.isColumnMajor ? spools[2] : nil
  }

  private static func setAside(
    _ header: NPYHeader, _ cursor: ArrayCursor, _ spool: Spool, role: String
  ) throws -> Column {
    try spool.removeAll()
    guard try cursor.move(header.byteCount, to: spool) == header.byteCount else {
      throw cursor.truncated("\(role)s (\(header.summary))", at: header.position)
    }
    return Column(type: header.type, spool: spool, role: role)
  }

  /// Passes over the first `count` rows, of a batch of which none was read.
  mutating func skipFirst(_ count: Int) throws {
    if let columnMajor {
      try setAsideFeatures(in: columnMajor)
    } else {
      let bytes = count * dimension * scalar.byteCount
      guard try cursor.skip(bytes) == bytes else { throw missing(0) }
    }
    done = count
  }

  /// Reads the next `count` rows into `builder`.
  mutating func read(_ count: Int, into builder: borrowing BlockBuilder) throws {
    let target = builder.next(count)
    try read(labels, into: target.labels)
    if let predictions {
      try read(predictions, into: target.predictions)
      builder.carryPredictions()
    } else {
      target.predictions.update(repeating: Block.noPrediction)
    }
    if let columnMajor {
      if done == 0 { try setAsideFeatures(in: columnMajor) }
      let own = builder.keep(0..<count)
      try gather(columnMajor, into: own, rows: count)
      features.type.makeNative(own)
    } else {
      try cursor.readFeatures(count, of: features.type, into: builder, missing: missing)
    }
    builder.commit(count, source: cursor.name, firstRow: firstRow + done)
    done += count
  }

  private func missing(_ row: Int) -> StreamError {
    cursor.truncated("\(rows) rows of features, row \(firstRow + done + row) of the file among them")
  }

  private func read(_ column: Column, into ids: UnsafeMutableBufferPointer<Int32>) throws {
    let tokens = TokenColumn(type: column.type, role: column.role, file: cursor.name)
    try tokens.read(into: ids, firstRow: firstRow + done) {
      try column.spool.read(at: done * column.type.width, into: $0)
    }
  }

  private func setAsideFeatures(in spool: Spool) throws {
    try spool.removeAll()
    guard try cursor.move(features.byteCount, to: spool) == features.byteCount else {
      throw cursor.truncated("features (\(features.summary))", at: features.position)
    }
  }

  /// Passes over the features, checks the predictions and calls `body` with the labels, by runs.
  mutating func scanLabels(_ body: (UnsafeBufferPointer<Int32>) -> Void) throws {
    let run = UnsafeMutableBufferPointer<Int32>.allocate(capacity: min(max(rows, 1), 1 << 16))
    defer { run.deallocate() }
    while done < rows {
      let ids = UnsafeMutableBufferPointer(rebasing: run[..<min(run.count, rows - done)])
      if let predictions { try read(predictions, into: ids) }
      try read(labels, into: ids)
      body(UnsafeBufferPointer(ids))
      done += ids.count
    }
    guard try cursor.skip(features.byteCount) == features.byteCount else {
      throw cursor.truncated("features (\(features.summary))", at: features.position)
    }
  }

  /// The element types, in words.
  var typeNames: (labels: String, features: String) { (labels.type.name, features.type.name) }

  /// Rows of a column-major array, from where it was set aside.
  private func gather(_ spool: Spool, into target: UnsafeMutableRawBufferPointer, rows count: Int) throws {
    let width = scalar.byteCount
    let column = UnsafeMutableRawBufferPointer.allocate(byteCount: count * width, alignment: 8)
    defer { column.deallocate() }
    for feature in 0..<dimension {
      try spool.read(at: (feature * rows + done) * width, into: column)
      for row in 0..<count {
        let place = (row * dimension + feature) * width
        UnsafeMutableRawBufferPointer(rebasing: target[place..<place + width])
          .copyMemory(from: UnsafeRawBufferPointer(rebasing: column[row * width..<(row + 1) * width]))
      }
    }
  }
}
