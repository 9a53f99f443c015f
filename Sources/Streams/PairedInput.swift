import Embeddings

/// Features by position and the tokens of these positions, in files of their own, as a stream: the label of a position is the
/// next token (``TokenPairing``).
///
/// Features and, where their file has some, predictions are an array by position: [position, d] or [sequence, position, d].
/// Tokens are read a stretch ahead, features where rows are taken. Each stretch with a label is a batch; it is come back to by its
/// first position and, where features are in frames, by the place in them. Tokens and bounds are then read again up to there.
final class PairedInput: StreamInput {
  let integrities: [FileIntegrity]
  private let opened: PositionArray
  private let tokens: TokenFile
  private let features: PositionFeatures
  private let predictions: PositionPredictions?
  private let positions: Int
  private var pairs: TokenPairs
  private var isAtEnd = false

  /// - Parameters:
  ///   - file: of the features, of which nothing was read.
  ///   - number: of the input, which says which tokens are its.
  ///   - place: the batch to begin with, as ``StreamBatch/start`` has it.
  /// Throws ``StreamError`` where the arrays do not fit each other.
  init(
    _ file: FileBytes, number: Int, _ pairing: TokenPairing, options: ReadOptions, pool: BufferPool,
    at place: (mark: ByteMark, offset: Int)?
  ) throws {
    var opening = options
    // What is in frames is opened a second time where it is gone on in.
    if place != nil { opening.threads = 1 }
    let role = PositionArray.Role.features(uint16IsBFloat16: options.uint16IsBFloat16)
    opened = try PositionArray(file, named: options.arrays.features, as: role, options: opening, pool: pool)
    let layout = BatchLayout(file: file.name)
    let (array, type) = (opened.array, try layout.featureType(byPosition: opened.array, options))
    let indices = array.shape.count - 1
    let (count, rowsOfFeatures) = try opened.positions(indices)
    let (dimension, first) = (array.shape[indices], place?.offset ?? 0)
    // Features take far longer than tokens: one thread is enough for these.
    opening.threads = 1
    tokens = try TokenFile(try pairing.tokens(ofInput: number), width: pairing.width, options: opening)
    try layout.check(tokens, against: array, positions: count, sequenceLength: rowsOfFeatures)
    let shapes = rowsOfFeatures ?? tokens.sequenceLength
    let bounds = try pairing.openBounds(ofInput: number, positions: count, options: opening)
    pairs = try TokenPairs(
      tokens.integers, length: try pairing.length(shapes: shapes, file: tokens.name), bounds: bounds, pairing)
    positions = count
    predictions = try PositionPredictions(opened, options, positions: count, from: first)
    let source: any ByteSource
    if let place, let npy = array as? NPYArray, npy.isCompressed {
      npy.threads = options.threads
      source = try npy.bytes(at: place.mark)
    } else {
      source = try opened.bytes(from: first, indices: indices, positionBytes: dimension * type.byteCount)
    }
    features = PositionFeatures(
      source, file: file.name, at: first, dimension: dimension, scalar: type,
      type: array.elementType ?? ElementType(kind: .float, width: type.byteCount), pool: pool,
      missing: opened.truncated)
    while pairs.position < first, try pairs.next(min(TokenPairs.stretch, first - pairs.position)) != nil {
      try Task.checkCancellation()
    }
    integrities = opened.integrities + tokens.integrities + (bounds?.integrities ?? [])
  }

  var name: String { opened.file }
  var container: String { "\(opened.container) and tokens in \(tokens.container)" }
  var notes: [String] { opened.notes }
  var isEmpty: Bool { false }
  var decodedBytes: Int? { nil }
  var consumedBytes: Int {
    if isAtEnd { return opened.size }
    if opened.array is NPYArray { return features.source.consumedBytes }
    return positions == 0 ? 0 : Int(Double(opened.size) * (Double(features.position) / Double(positions)))
  }

  func nextBatch(firstRow: Int, options: ReadOptions) throws -> (any StreamBatch)? {
    while let stretch = try pairs.next() {
      guard stretch.positions.upperBound <= positions else { throw mismatch("more") }
      let chosen = try predictions?.read(stretch)
      guard !stretch.labels.isEmpty else {
        try Task.checkCancellation()
        continue
      }
      try features.skip(to: stretch.positions.lowerBound)
      return PairedBatch(
        stretch, predictions: chosen, features: features, tokens: tokens.integers.type, firstRow: firstRow,
        mark: mark)
    }
    guard pairs.position == positions else { throw mismatch("\(pairs.position)") }
    try tokens.checkEnd()
    try features.skip(to: positions)
    if let npy = opened.array as? NPYArray { try npy.checkEnd(features.source) }
    isAtEnd = true
    return nil
  }

  /// Where the features are; of files in which every position can be sought, no place is needed.
  private var mark: ByteMark? {
    guard let npy = opened.array as? NPYArray, npy.isCompressed else { return ByteMark(frame: 0, content: 0) }
    return features.source.mark
  }

  private func mismatch(_ found: String) -> StreamError {
    BatchLayout(file: tokens.name).tokenCount(positions, opened.array, found: found)
  }
}
