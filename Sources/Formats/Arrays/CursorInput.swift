import Samples
import Storage

/// Arrays one after another, plain or in Zstandard frames. A batch is labels, optional predictions, and features.
///
/// Labels and predictions go into spools; rows of features are lent to a block in place. Memory is bounded for batches
/// of any size.
final class CursorInput: StreamInput {
  private let cursor: ArrayCursor
  /// For labels, predictions and column-major features; each batch reuses them.
  private lazy var spools = [SpillBuffer(in: scratch), SpillBuffer(in: scratch), SpillBuffer(in: scratch)]
  private let scratch: String?
  private var chosen = OrderedChoice()

  /// - Parameter scratch: the folder for what does not stay in memory; nil for `TMPDIR`.
  init(_ cursor: ArrayCursor, scratch: String? = nil) { (self.cursor, self.scratch) = (cursor, scratch) }

  var name: String { cursor.name }
  var consumedBytes: Int { cursor.consumedBytes }
  var decodedBytes: Int? { cursor.offset }
  var container: String { cursor.container }
  var isEmpty: Bool { cursor.offset == 0 }
  var choice: StreamChoice? { chosen.choice }
  var windowBytes: Int { cursor.windowBytes }
  var integrities: [FileIntegrity] { cursor.integrity.map { [$0] } ?? [] }

  func nextBatch(firstRow: Int, options: ReadOptions) throws -> Batch? {
    let start = (cursor.mark, cursor.offset)
    guard let first = try cursor.nextHeader()?.asVector else { return nil }
    let layout = BatchLayout(file: cursor.name)
    try layout.checkTokens(first, role: "labels")
    let labels = try setAside(first, spools[0], role: "label", firstRow: firstRow)
    let rows = first.shape[0]

    guard var next = try cursor.nextHeader() else { throw layout.labelsAlone(first) }
    var (predictions, between): (TokenColumn?, ArrayHeader?) = (nil, nil)
    if isPredictions(next, options) {
      next = next.asVector
      try layout.checkTokens(next, role: "predictions")
      try layout.checkRows(next, rows, role: "predictions")
      predictions = try setAside(next, spools[1], role: "prediction", firstRow: firstRow)
      between = next
      guard let after = try cursor.nextHeader() else { throw layout.labelsAlone(next) }
      next = after
    }
    if next.shape.count > 2 { next = next.reshaped(UnitAxes.matrix(next.shape, rows: rows)) }
    let scalar = try layout.featureType(next, rows: rows, options)
    try layout.checkRows(next, rows, role: "features")
    let features = CursorFeatures(
      cursor, next, scalar: scalar, firstRow: firstRow, spill: next.isColumnMajor ? spools[2] : nil)
    chosen.note(labels: first, predictions: between, features: next)
    return Batch(
      rows: rows, labels: labels, predictions: predictions, features: features, firstRow: firstRow, start: start)
  }

  /// Whether an array after the labels is predictions, not features.
  private func isPredictions(_ header: ArrayHeader, _ options: ReadOptions) -> Bool {
    guard header.type.isInteger, UnitAxes.vector(header.shape).count == 1 else { return false }
    // With --bf16, features of dimension 1 are integers too.
    return header.shape.count == 1 || !(options.uint16IsBFloat16 && header.type.isUInt16)
  }

  private func setAside(
    _ header: ArrayHeader, _ spill: SpillBuffer, role: String, firstRow: Int
  ) throws -> TokenColumn {
    try cursor.setAside(header, "\(role)s", in: spill)
    return TokenColumn(type: header.type, role: role, file: name, firstRow: firstRow) { row, raw in
      try spill.read(at: row * header.type.width, into: raw)
    }
  }
}

/// The features that come next in a source of arrays.
private final class CursorFeatures: FeatureColumn {
  let scalar: ScalarType
  private let cursor: ArrayCursor
  private let header: ArrayHeader
  private let firstRow: Int
  /// Holds a column-major array.
  private let columnMajor: SpillBuffer?

  init(_ cursor: ArrayCursor, _ header: ArrayHeader, scalar: ScalarType, firstRow: Int, spill: SpillBuffer?) {
    (self.cursor, self.header, self.scalar, self.firstRow) = (cursor, header, scalar, firstRow)
    columnMajor = spill
  }

  private var rows: Int { header.shape[0] }
  var dimension: Int { header.shape[1] }
  var type: ElementType { header.type }

  func skipFirst(_ rows: Int) throws {
    if let columnMajor { return try cursor.setAside(header, "features", in: columnMajor) }
    let bytes = rows * dimension * scalar.byteCount
    guard try cursor.skip(bytes) == bytes else { throw missing(firstRow) }
  }

  func skipAll() throws {
    guard try cursor.skip(header.byteCount) == header.byteCount else {
      throw cursor.truncated("features (\(header.summary))", at: header.position)
    }
  }

  func read(_ rows: Range<Int>, into builder: borrowing BlockBuilder, label: (Range<Int>) throws -> Void) throws {
    try label(rows)
    if let columnMajor {
      if rows.lowerBound == 0 { try cursor.setAside(header, "features", in: columnMajor) }
      let own = builder.keep(0..<rows.count)
      try gather(rows, of: columnMajor, into: own)
      type.makeNative(own)
      builder.commit(rows.count, source: cursor.name, firstRow: firstRow + rows.lowerBound)
    } else if rows.count * dimension * scalar.byteCount < Self.fewBytes {
      let own = builder.keep(0..<rows.count)
      let got = try cursor.fill(own)
      guard got == own.count else { throw missing(firstRow + rows.lowerBound + got / (dimension * scalar.byteCount)) }
      type.makeNative(own)
      builder.commit(rows.count, source: cursor.name, firstRow: firstRow + rows.lowerBound)
    } else {
      let features = PositionFeatures(
        cursor, file: cursor.name, at: firstRow + rows.lowerBound, dimension: dimension, scalar: scalar, type: type,
        pool: cursor.pool, missing: missing)
      try features.read(rows.count, into: builder)
    }
  }

  /// Fewer bytes are not worth lending.
  private static let fewBytes = 4096

  private func missing(_ row: Int) -> StreamError {
    cursor.truncated("\(rows) rows of features, including row \(row) of the file")
  }

  /// Gathers rows of a column-major array from its spool.
  private func gather(_ some: Range<Int>, of spill: SpillBuffer, into target: UnsafeMutableRawBufferPointer) throws {
    let width = scalar.byteCount
    let column = UnsafeMutableRawBufferPointer.allocate(byteCount: some.count * width, alignment: 8)
    defer { column.deallocate() }
    for feature in 0..<dimension {
      try spill.read(at: (feature * rows + some.lowerBound) * width, into: column)
      for row in 0..<some.count {
        let place = (row * dimension + feature) * width
        UnsafeMutableRawBufferPointer(rebasing: target[place..<place + width])
          .copyMemory(from: UnsafeRawBufferPointer(rebasing: column[row * width..<(row + 1) * width]))
      }
    }
  }
}
