import Samples
import Storage

/// Pairs of labels and features from a file that names its arrays; each pair is a batch.
///
/// A pair is resumed by its number, so the marks of batches hold that number instead of a byte position.
final class NamedArraysInput: StreamInput {
  private let file: any NamedArraysFile
  private let arrays: ArrayMatching
  private let pairs: [ArrayMatching.Pair]
  private let pool: BufferPool
  /// Number of the next pair.
  private var next: Int
  /// The batch being read, and the bytes it takes in the file.
  private var batch: (batch: Batch, bytes: Int)?
  private var closedBytes = 0

  /// - Parameter first: number of the first pair to read.
  init(_ file: any NamedArraysFile, options: ReadOptions, pool: BufferPool, from first: Int) throws {
    (self.file, self.pool, next) = (file, pool, first)
    arrays = try file.matching(options)
    pairs = try arrays.pairs()
  }

  var name: String { file.name }
  var container: String { file.container }
  var integrities: [FileIntegrity] { file.integrities }
  var notes: [String] { file.notes }
  var keptBytes: Int { file.keptBytes }
  var isEmpty: Bool { pairs.isEmpty }
  var decodedBytes: Int? { nil }
  /// An estimate from the rows read so far.
  var consumedBytes: Int {
    guard next < pairs.count || batch != nil else { return file.size }
    let read = batch.map { Int(Double($0.bytes) * (Double($0.batch.done) / Double(max($0.batch.rows, 1)))) } ?? 0
    return min(closedBytes + read, file.size)
  }

  func nextBatch(firstRow: Int, options: ReadOptions) throws -> Batch? {
    if let batch { closedBytes += batch.bytes }
    batch = nil
    guard next < pairs.count else { return nil }
    let opened = try open(pairs[next], firstRow: firstRow, options: options)
    next += 1
    batch = opened
    return opened.batch
  }

  private func array(_ index: Int) throws -> any StoredArray { try file.array(arrays.candidates[index].path) }

  /// Opens a pair, but reads nothing until the first row is needed.
  private func open(
    _ pair: ArrayMatching.Pair, firstRow: Int, options: ReadOptions
  ) throws -> (batch: Batch, bytes: Int) {
    let layout = BatchLayout(file: name)
    let labels = SqueezedArray.of(try array(pair.labels), UnitAxes.vector)
    let predictions = try pair.predictions.map { SqueezedArray.of(try array($0), UnitAxes.vector) }
    let ids = column(labels, try layout.tokenType(labels, role: "labels"), "label", firstRow)
    let rows = labels.shape[0]
    let features = SqueezedArray.of(try array(pair.features)) { UnitAxes.matrix($0, rows: rows) }
    let chosen = try predictions.map { array in
      let type = try layout.tokenType(array, role: "predictions")
      try layout.checkRows(array, rows, role: "predictions")
      return column(array, type, "prediction", firstRow)
    }
    let scalar = try layout.featureType(features, rows: rows, options)
    try layout.checkRows(features, rows, role: "features")
    let batch = Batch(
      rows: rows, labels: ids, predictions: chosen,
      features: ArrayFeatures(
        features, scalar: scalar, file: name, firstRow: firstRow, sequence: pair.sequence, pool: pool),
      firstRow: firstRow, start: (ResumablePosition(frame: next, content: 0), next))
    let stored = [labels, features] + (predictions.map { [$0] } ?? [])
    return (batch, stored.reduce(0) { $0.addingReportingOverflow($1.storedBytes).partialValue })
  }

  /// Token ids of an array, which is opened at the first row needed.
  private func column(
    _ array: any StoredArray, _ type: ElementType, _ role: String, _ firstRow: Int
  ) -> TokenColumn {
    var source: (any ByteSource)?
    return TokenColumn(type: type, role: role, file: name, firstRow: firstRow) { [name] row, raw in
      let opened = try source ?? array.bytes(from: row)
      source = opened
      guard try opened.fill(raw) == raw.count else {
        throw array.truncated("row \(firstRow + row) of the file", file: name)
      }
    }
  }
}

/// Features of an array, which is opened at the first row needed.
private final class ArrayFeatures: FeatureColumn {
  let dimension: Int
  let scalar: ScalarType
  let type: ElementType
  private let array: any StoredArray
  private let file: String
  private let firstRow: Int
  private let sequence: Int?
  private let pool: BufferPool
  private var source: (any ByteSource)?

  init(
    _ array: any StoredArray, scalar: ScalarType, file: String, firstRow: Int, sequence: Int?, pool: BufferPool
  ) {
    (self.array, self.scalar, self.file, self.firstRow) = (array, scalar, file, firstRow)
    (self.sequence, self.pool, dimension) = (sequence, pool, array.shape[1])
    type = array.elementType ?? ElementType(kind: .float, width: scalar.byteCount)
  }

  func read(_ rows: Range<Int>, into builder: borrowing BlockBuilder, label: (Range<Int>) throws -> Void) throws {
    try label(rows)
    let source = try self.source ?? array.bytes(from: rows.lowerBound)
    self.source = source
    let features = PositionFeatures(
      source, file: file, at: firstRow + rows.lowerBound, dimension: dimension, scalar: scalar, type: type, pool: pool
    ) { [array, file] row in array.truncated("row \(row) of the file", file: file) }
    try features.read(rows.count, sequence: sequence, into: builder)
  }
}
