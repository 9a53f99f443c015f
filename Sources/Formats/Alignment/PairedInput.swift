import Samples
import Storage

/// Features by position and the tokens of these positions, in files of their own, as a stream: the label of a position is the
/// next token (``TokenPairing``).
///
/// Features and, where their file has some, predictions are an array by position: [position, d] or [sequence, position, d].
/// Tokens are read a stretch ahead, features where rows are taken. Each stretch with a label is a batch; it is come back to by its
/// first position and, where features are in frames, by the place in them. Tokens and bounds are then read again up to there.
final class PairedInput: StreamInput {
  let integrities: [FileIntegrity]
  private let opened: PositionArray
  private let tokens: PairedTokens
  /// Which of the tokens are those of the features.
  private let share: Range<Int>
  /// Token ids that there have to be, and the inputs that they are for.
  private let all: (tokens: Int, inputs: Int)
  /// Whether no other input has tokens after those.
  private let isLast: Bool
  private let features: PositionFeatures
  private let predictions: PositionPredictions?
  private let positions: Int
  private var isAtEnd = false

  /// - Parameters:
  ///   - file: of the features, of which nothing was read.
  ///   - number: of the input, which says which tokens are its.
  ///   - shared: the tokens, where they are those of all inputs.
  ///   - place: the batch to begin with, as ``Batch/start`` has it.
  /// Throws ``StreamError`` where the arrays do not fit each other.
  init(
    _ file: PeekedFile, number: Int, _ pairing: TokenPairing, options: ReadOptions, pool: BufferPool,
    shared: SharedTokens? = nil, at place: (mark: ByteMark, offset: Int)?
  ) throws {
    var file = file
    // What is in frames is opened a second time where it is gone on in.
    if place != nil, file.isCompressed { file.options.threads = 1 }
    let role = PositionArray.Role.features(uint16IsBFloat16: options.uint16IsBFloat16)
    opened = try PositionArray(file, named: options.arrays.features, as: role)
    let layout = BatchLayout(file: file.name)
    let (array, type) = (opened.array, try layout.featureType(byPosition: opened.array, options))
    let indices = array.shape.count - 1
    let (count, rowsOfFeatures) = try opened.positions(indices)
    let (dimension, first) = (array.shape[indices], place?.offset ?? 0)
    // Features take far longer than tokens: one thread is enough for these.
    var opening = options
    opening.threads = 1
    let (start, end) = shared.map { ($0.starts[number], $0.starts[number + 1]) } ?? (0, count)
    let total = shared?.positions ?? count
    let inputs = shared?.inputs ?? 1
    guard end - start == count else { throw opened.truncated(count) }
    func make() throws -> PairedTokens {
      let file = shared == nil ? number : 0
      let tokens = try TokenFile(try pairing.tokens(ofInput: file), width: pairing.width, options: opening)
      try layout.check(tokens, against: array, positions: total, inputs: inputs)
      return try PairedTokens(
        tokens, number: file, pairing, positions: total, rows: rowsOfFeatures, options: opening)
    }
    tokens = try shared?.tokens(ofInput: number, make) ?? make()
    (positions, share, all) = (count, start..<end, (total, inputs))
    isLast = shared == nil || number + 1 == inputs
    try layout.check(tokens.file, against: array, sequenceLength: rowsOfFeatures)
    predictions = try PositionPredictions(opened, options, positions: count, from: first)
    let source: any ByteSource
    if let mark = place?.mark, let npy = array as? CursorArray, npy.isCompressed {
      source = try npy.bytes(at: mark, threads: options.threads)
    } else {
      source = try opened.bytes(from: first, indices: indices, positionBytes: dimension * type.byteCount)
    }
    features = PositionFeatures(
      source, file: file.name, at: first, dimension: dimension, scalar: type,
      type: array.elementType ?? ElementType(kind: .float, width: type.byteCount), pool: pool,
      missing: opened.truncated)
    try tokens.skip(to: start + first)
    integrities = opened.integrities + tokens.integrities
  }

  var name: String { opened.file }
  var container: String { "\(opened.container) and tokens in \(tokens.file.container)" }
  var notes: [String] { opened.notes }
  var keptBytes: Int { opened.others?.file.keptBytes ?? 0 }
  var isEmpty: Bool { false }
  var decodedBytes: Int? { nil }
  var consumedBytes: Int {
    if isAtEnd { return opened.size }
    if opened.array is CursorArray { return features.source.consumedBytes }
    return positions == 0 ? 0 : Int(Double(opened.size) * (Double(features.position) / Double(positions)))
  }

  func nextBatch(firstRow: Int, options: ReadOptions) throws -> Batch? {
    while let stretch = try tokens.next(before: share.upperBound)?.moved(by: -share.lowerBound) {
      let chosen = try predictions?.read(stretch)
      guard !stretch.labels.isEmpty else {
        try Task.checkCancellation()
        continue
      }
      try features.skip(to: stretch.positions.lowerBound)
      return Batch(
        stretch, predictions: chosen, features: features, tokens: tokens.file.integers.type, firstRow: firstRow,
        mark: mark)
    }
    guard tokens.pairs.position == share.upperBound else { throw mismatch(tokens.pairs.position) }
    if isLast, let found = try tokens.checkEnd() { throw mismatch(found) }
    try features.skip(to: positions)
    if let npy = opened.array as? CursorArray { try npy.checkEnd(features.source) }
    isAtEnd = true
    return nil
  }

  /// Where the features are; of files in which every position can be sought, no place is needed.
  private var mark: ByteMark? {
    guard let npy = opened.array as? CursorArray, npy.isCompressed else { return ByteMark(frame: 0, content: 0) }
    return features.source.mark
  }

  private func mismatch(_ found: Int) -> StreamError {
    BatchLayout(file: tokens.file.name).tokenCount(all.tokens, opened.array, inputs: all.inputs, found: found)
  }
}
