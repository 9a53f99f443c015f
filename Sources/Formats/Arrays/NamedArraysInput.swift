import Samples
import Storage
import Support

/// Pairs of labels and features from a file that names its arrays; each pair is a batch. Tokens by position with their
/// features are read as ``AlignedPair`` does, in batches of positions.
///
/// A pair is resumed by its number, and within tokens by position, so the marks of batches hold these instead of bytes.
final class NamedArraysInput: StreamInput {
  private let file: any NamedArraysFile
  private let arrays: ArrayMatching
  private let pairs: [ArrayMatching.Pair]
  private let pool: BufferPool
  /// Number of the next pair, and the position in it to start from.
  private var next: (pair: Int, position: Int)
  /// What the file holds before the next pair.
  private var before = AlignedPair.Before()
  /// The pair being read, if it is of tokens.
  private var aligned: AlignedPair?
  /// The batch being read.
  private var batch: Batch?
  /// Bytes that the open pair takes in the file.
  private var openBytes = 0
  /// Bytes of the pairs before it.
  private var closedBytes = 0
  private(set) var choice: StreamChoice?

  /// - Parameter place: number of the first pair to read, and the position in it.
  init(
    _ file: any NamedArraysFile, options: ReadOptions, pool: BufferPool, from place: (pair: Int, position: Int) = (0, 0)
  ) throws {
    (self.file, self.pool, next) = (file, pool, place)
    arrays = try file.matching(options)
    pairs = try arrays.pairs()
    for pair in pairs.prefix(place.pair) { pass(pair) }
  }

  var name: String { file.name }
  var container: String { file.container }
  var integrities: [FileIntegrity] { file.integrities }
  var notes: [String] { file.notes }
  var keptBytes: Int { file.keptBytes }
  var isEmpty: Bool { pairs.isEmpty }
  var decodedBytes: Int? { nil }
  /// An estimate from the rows or positions read so far.
  var consumedBytes: Int {
    guard next.pair < pairs.count || batch != nil || aligned != nil else { return file.size }
    let share =
      if let aligned {
        Double(aligned.done) / Double(max(aligned.positions, 1))
      } else {
        batch.map { Double($0.done) / Double(max($0.rows, 1)) } ?? 0
      }
    return min(.saturatingSum([closedBytes, Int(saturating: Double(openBytes) * share)]), file.size)
  }

  func nextBatch(firstRow: Int, options: ReadOptions) throws -> Batch? {
    while true {
      if let batch = try aligned?.nextBatch(firstRow: firstRow, number: next.pair - 1) { return batch }
      if aligned != nil || batch != nil { pass(pairs[next.pair - 1]) }
      (aligned, batch) = (nil, nil)
      closedBytes = .saturatingSum([closedBytes, openBytes])
      openBytes = 0
      guard next.pair < pairs.count else { return nil }
      let (pair, position) = (pairs[next.pair], next.position)
      if try areTokens(pair) {
        aligned = try open(positions: pair, from: position, options: options)
        next = (next.pair + 1, 0)
      } else {
        let opened = try open(pair, firstRow: firstRow, options: options)
        next = (next.pair + 1, 0)
        batch = opened
        return opened
      }
    }
  }

  private func array(_ index: Int) throws -> any StoredArray { try file.array(arrays.candidates[index].path) }

  private func place(_ index: Int) -> (path: String, leaf: String) {
    (arrays.candidates[index].path, arrays.leaf(index))
  }

  /// Counts the sequences and positions of a pair, from its shapes alone; the rows of a pair of labels are one sequence.
  private func pass(_ pair: ArrayMatching.Pair) {
    let positions = UnitAxes.positions(arrays.candidates[pair.features].shape).dropLast()
    let shapes = [positions, UnitAxes.tokens(arrays.candidates[pair.labels].shape)[...]]
    let rows = shapes.first { $0.count == 2 }?.first ?? 1
    if case .labels = pair.kind { before.sequences &+= 1 } else { before.sequences &+= rows }
    before.positions &+= positions.reduce(1, &*)
  }

  /// Whether a pair holds tokens by position. Labels that equal the tokens beside them are not shifted, so they count
  /// as tokens.
  private func areTokens(_ pair: ArrayMatching.Pair) throws -> Bool {
    switch pair.kind {
    case .labels: return false
    case .tokens: return true
    case .labelsBeside(let tokens):
      let both = try [pair.labels, tokens].map { try PositionArray($0, of: arrays, in: file) }
      switch try AlignedPair.compare(both[0], both[1]) {
      case .equal: return true
      case .different: return false
      case .equalButMasked:
        let (labels, ids) = (place(pair.labels), place(tokens))
        throw StreamError(
          .badOrder, file: name, position: "“\(labels.path)”", expected: "labels or tokens that can be told apart",
          found: "the numbers of “\(ids.path)”, but for \(UsualNames.maskedLabel)",
          advice: "is what \(UsualNames.maskedLabel) masks to be left out? say --tokens \(name)#\(labels.path) "
            + "--ignore \(UsualNames.maskedLabel) if so, else --tokens \(name)#\(ids.path)")
      }
    }
  }

  /// Refuses padding, whose ids would be taken for tokens.
  private func checkMask(_ pair: ArrayMatching.Pair) throws {
    guard let mask = pair.mask, let zero = try AlignedPair.firstZero(PositionArray(mask, of: arrays, in: file))
    else { return }
    throw StreamError(
      .badOrder, file: name, position: "“\(place(mask).path)”",
      expected: "1 at each position, because padding is no token",
      found: "0 at position \(zero)",
      advice:
        "leave padding out of the file; or say --tokens \(name)#\(place(pair.labels).path) and --ignore with its id")
  }

  /// Opens tokens with their features.
  private func open(positions pair: ArrayMatching.Pair, from first: Int, options: ReadOptions) throws -> AlignedPair {
    func array(_ index: Int) throws -> PositionArray { try PositionArray(index, of: arrays, in: file) }
    let features = try PositionArray(pair.features, of: arrays, in: file, squeezed: UnitAxes.positions)
    try checkMask(pair)
    let ids = if case .labelsBeside(let tokens) = pair.kind { tokens } else { pair.labels }
    let opened = AlignedPair.Arrays(
      tokens: try array(ids), features: features, predictions: try pair.predictions.map(array))
    let aligned = try AlignedPair(opened, options: options, pool: pool, after: before, from: first)
    choose(
      [("tokens", ids, opened.tokens.array), ("features", pair.features, opened.features.array)]
        + (opened.predictions.map { [("predictions", pair.predictions ?? 0, $0.array)] } ?? []),
      .nextTokens(sequences: aligned.ends), pair)
    return aligned
  }

  /// Opens a pair, but reads nothing until the first row is needed.
  private func open(_ pair: ArrayMatching.Pair, firstRow: Int, options: ReadOptions) throws -> Batch {
    let layout = BatchLayout(file: name)
    let labels = SqueezedArray.of(try array(pair.labels), UnitAxes.vector)
    let predictions = try pair.predictions.map { SqueezedArray.of(try array($0), UnitAxes.vector) }
    var ids = column(labels, try layout.tokenType(labels, role: "labels"), "label", firstRow)
    if pair.kind != .labels(isNamed: true) { ids.reference = "\(name)#\(labels.path)" }
    let rows = labels.shape[0]
    let features = SqueezedArray.of(try array(pair.features)) { UnitAxes.matrix($0, rows: rows) }
    let chosen = try predictions.map { array in
      let type = try layout.tokenType(array, role: "predictions")
      try layout.checkRows(array, rows, role: "predictions")
      return column(array, type, "prediction", firstRow)
    }
    let scalar = try layout.featureType(features, rows: rows, options)
    try layout.checkRows(features, rows, role: "features")
    choose(
      [("labels", pair.labels, labels), ("features", pair.features, features)]
        + (predictions.map { [("predictions", pair.predictions ?? 0, $0)] } ?? []), .labels, pair)
    return Batch(
      rows: rows, labels: ids, predictions: chosen,
      features: ArrayFeatures(
        features, scalar: scalar, file: name, firstRow: firstRow,
        sequence: pair.isOneOfSeveral ? before.sequences : nil,
        pool: pool),
      firstRow: firstRow, start: (ResumablePosition(frame: next.pair, content: 0), next.pair))
  }

  /// Notes what was chosen, and the bytes that it takes.
  private func choose(
    _ opened: [(role: String, index: Int, array: any StoredArray)], _ convention: StreamChoice.Convention,
    _ pair: ArrayMatching.Pair
  ) {
    openBytes = .saturatingSum(opened.map(\.array.storedBytes))
    choice = StreamChoice(
      opened.map { .init($0.role, $0.array, place($0.index)) }, convention, isOneOfSeveral: pair.isOneOfSeveral)
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
