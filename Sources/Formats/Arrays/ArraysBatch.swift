import Samples
import Storage
import Support

/// A pair of labels and features of a file that names its arrays, and perhaps predictions.
///
/// Nothing is read before the first row is wanted.
final class ArraysBatch: StreamBatch {
  /// Arrays that belong together.
  struct Arrays {
    let labels: any StoredArray
    let predictions: (any StoredArray)?
    let features: any StoredArray
    /// The number of their group, where there are several.
    let sequence: Int?

    /// Bytes that the file holds of them.
    var storedBytes: Int {
      let parts = [labels.storedBytes, predictions?.storedBytes ?? 0, features.storedBytes]
      return parts.reduce(0) { $0.addingReportingOverflow($1).partialValue }
    }
  }

  let rows: Int
  let dimension: Int
  let scalar: ScalarType
  let firstRow: Int
  let start: (mark: ByteMark?, offset: Int)
  let storedBytes: Int
  private(set) var done = 0

  private let file: String
  private let pool: BufferPool
  private let arrays: Arrays
  private let labels: Column
  private let predictions: Column?
  private let featureType: ElementType
  private lazy var features = Result { RowsOfSource(try arrays.features.bytes(from: done), pool: pool) }

  init(
    file: String, arrays: Arrays, number: Int, firstRow: Int, options: ReadOptions, pool: BufferPool
  ) throws {
    let layout = BatchLayout(file: file)
    labels = Column(arrays.labels, type: try layout.tokenType(arrays.labels, role: "labels"), "label", file)
    rows = arrays.labels.shape[0]
    predictions = try arrays.predictions.map {
      let type = try layout.tokenType($0, role: "predictions")
      try layout.checkRows($0, arrays.labels.shape[0], role: "predictions")
      return Column($0, type: type, "prediction", file)
    }
    scalar = try layout.featureType(arrays.features, options)
    try layout.checkRows(arrays.features, arrays.labels.shape[0], role: "features")
    dimension = arrays.features.shape[1]
    featureType = arrays.features.elementType ?? ElementType(kind: .float, width: scalar.byteCount)
    (self.file, self.arrays, self.firstRow, self.pool) = (file, arrays, firstRow, pool)
    start = (ByteMark(frame: number, content: 0), number)
    storedBytes = arrays.storedBytes
  }

  var hasPredictions: Bool { predictions != nil }
  var typeNames: (labels: String, features: String) { (labels.tokens.type.name, featureType.name) }

  /// Bytes read so far, as far as they can be told from the rows.
  var consumedBytes: Int { rows == 0 ? 0 : Int(Double(storedBytes) * (Double(done) / Double(rows))) }

  func skipFirst(_ count: Int) { done = count }

  func read(_ count: Int, into builder: borrowing BlockBuilder) throws {
    let target = builder.next(count)
    try labels.read(into: target.labels, row: done, fileRow: firstRow + done)
    if let predictions {
      try predictions.read(into: target.predictions, row: done, fileRow: firstRow + done)
      builder.carryPredictions()
    } else {
      target.predictions.update(repeating: Block.noPrediction)
    }
    try features.get().readFeatures(count, of: featureType, into: builder) { row in
      Column.truncated(arrays.features, file: file, row: firstRow + done + row)
    }
    builder.commit(count, source: file, firstRow: firstRow + done, sequence: arrays.sequence)
    done += count
  }

  func scanLabels(_ body: (UnsafeBufferPointer<Int32>) -> Void) throws {
    let run = UnsafeMutableBufferPointer<Int32>.allocate(capacity: min(max(rows, 1), 1 << 16))
    defer { run.deallocate() }
    while done < rows {
      let ids = UnsafeMutableBufferPointer(rebasing: run[..<min(run.count, rows - done)])
      if let predictions { try predictions.read(into: ids, row: done, fileRow: firstRow + done) }
      try labels.read(into: ids, row: done, fileRow: firstRow + done)
      body(UnsafeBufferPointer(ids))
      done += ids.count
    }
  }

  /// A 1-d array of token ids, read in order.
  private final class Column {
    let tokens: TokenColumn
    private let array: any StoredArray
    private var source: (any ByteSource)?

    init(_ array: any StoredArray, type: ElementType, _ role: String, _ file: String) {
      self.array = array
      tokens = TokenColumn(type: type, role: role, file: file)
    }

    /// Reads the ids that come next, which are those from `row` on where none was read before.
    func read(into ids: UnsafeMutableBufferPointer<Int32>, row: Int, fileRow: Int) throws {
      let source = try self.source ?? array.bytes(from: row)
      self.source = source
      try tokens.read(into: ids, firstRow: fileRow) { raw in
        guard try source.fill(raw) == raw.count else {
          throw Self.truncated(array, file: tokens.file, row: fileRow)
        }
      }
    }

    static func truncated(_ array: any StoredArray, file: String, row: Int) -> StreamError {
      StreamError(
        .truncated,
        Diagnosis(
          file: file, position: array.position, expected: "\(array.summary), row \(row) of the file among them",
          found: "the end of the data inside it", advice: "the file was cut short: write it again, or copy it again"))
    }
  }

  /// Rows of a source of bytes.
  private struct RowsOfSource: RowBytes {
    private let source: any ByteSource
    private let pool: BufferPool

    init(_ source: any ByteSource, pool: BufferPool) { (self.source, self.pool) = (source, pool) }

    func lend(_ count: Int) throws -> Piece? { try source.lend(count, from: pool) }
    func fill(_ buffer: UnsafeMutableRawBufferPointer) throws -> Int { try source.fill(buffer) }
  }
}
