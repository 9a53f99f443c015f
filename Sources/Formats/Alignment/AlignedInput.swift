import Samples
import Storage
import Support

/// Features by position and their tokens, in separate files, read as a stream. The label of a position is the next
/// token (``TokenAlignment``).
///
/// Features, and predictions if their file has some, are arrays by position: [position, d] or [sequence, position, d].
/// Tokens are read a stretch ahead, features when rows are taken. Each stretch with a label is a batch. A batch is
/// resumed from its first position and, if the features are in frames, from a mark in them. Tokens and bounds are read
/// again up to that position.
final class AlignedInput: StreamInput {
  let integrities: [FileIntegrity]
  private let opened: PositionArray
  private let tokens: AlignedTokens
  /// The range of tokens that belongs to these features.
  private let share: Range<Int>
  /// The number of token ids required, and the number of inputs they cover.
  private let all: (tokens: Int, inputs: Int)
  /// Whether no other input's tokens come after these.
  private let isLast: Bool
  private let features: PositionFeatures
  private let predictions: PositionPredictions?
  private let positions: Int
  private var isAtEnd = false

  /// - Parameters:
  ///   - file: the file of features, not read yet.
  ///   - number: the input's number, which selects its tokens.
  ///   - shared: the tokens, if all inputs share one file.
  ///   - place: the batch to start with, as in ``Batch/start``.
  /// Throws ``StreamError`` if the arrays do not fit together.
  init(
    _ file: PeekedFile, number: Int, _ alignment: TokenAlignment, options: ReadOptions, pool: BufferPool,
    shared: SharedTokens? = nil, at place: (mark: ResumablePosition, offset: Int)?
  ) throws {
    var file = file
    // To resume in frames, the file is opened a second time, so one thread is enough here.
    if place != nil, file.isCompressed { file.options.threads = 1 }
    let role = PositionArray.Role.features(uint16IsBFloat16: options.uint16IsBFloat16)
    opened = try PositionArray(file, named: options.arrays.features, as: role)
    let layout = BatchLayout(file: file.name)
    let (array, type) = (opened.array, try layout.featureType(byPosition: opened.array, options))
    let indices = array.shape.count - 1
    let (count, rowsOfFeatures) = try opened.positions(indices)
    let (dimension, first) = (array.shape[indices], place?.offset ?? 0)
    // Features take far longer to read than tokens, so one thread is enough for the tokens.
    var opening = options
    opening.threads = 1
    let (start, end) = shared.map { ($0.starts[number], $0.starts[number + 1]) } ?? (0, count)
    let total = shared?.positions ?? count
    let inputs = shared?.inputs ?? 1
    guard end - start == count else { throw opened.truncated(count) }
    try ResumablePosition.check(first, in: 0...count, file.name)
    func make() throws -> AlignedTokens {
      let file = shared == nil ? number : 0
      let tokens = try TokenFile(
        try alignment.tokens(ofInput: file), width: alignment.width, isRaw: alignment.isRaw, options: opening)
      try layout.check(tokens, against: array, positions: total, inputs: inputs)
      return try AlignedTokens(
        tokens, number: file, alignment, positions: total, rows: rowsOfFeatures, options: opening)
    }
    tokens = try shared?.tokens(ofInput: number, make) ?? make()
    (positions, share, all) = (count, start..<end, (total, inputs))
    isLast = shared == nil || number + 1 == inputs
    try layout.checkSequences(
      tokens.file.sequenceLength, against: array, rowsOfFeatures, tokens: tokens.file.name)
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
      sequencesGoOn: shared != nil, missing: opened.truncated)
    try tokens.skip(to: start + first)
    integrities = opened.integrities + tokens.integrities
  }

  var name: String { opened.file }
  var container: String { "\(opened.container) and tokens in \(tokens.file.container)" }
  var notes: [String] { opened.notes }
  var choice: StreamChoice? {
    let ids = tokens.file
    let parts = [
      StreamChoice.Part("tokens", indices: ids.shape?.count ?? 1, type: ids.integers.type.name, ids.place),
      StreamChoice.Part("features", opened.array, opened.name),
    ]
    return StreamChoice(
      parts + (predictions.map { [.init("predictions", $0.array.array, $0.array.name)] } ?? []),
      .nextTokens(sequences: tokens.sequences))
  }
  var keptBytes: Int { opened.others?.file.keptBytes ?? 0 }
  var isEmpty: Bool { false }
  var decodedBytes: Int? { nil }
  var consumedBytes: Int {
    if isAtEnd { return opened.size }
    if opened.array is CursorArray { return features.source.consumedBytes }
    return positions == 0 ? 0 : Int(saturating: Double(opened.size) * (Double(features.position) / Double(positions)))
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

  /// Where the features are. If the file can seek to any position, the mark holds nothing.
  private var mark: ResumablePosition? {
    guard let npy = opened.array as? CursorArray, npy.isCompressed else {
      return ResumablePosition(frame: 0, content: 0)
    }
    return features.source.mark
  }

  private func mismatch(_ found: Int) -> StreamError {
    BatchLayout(file: tokens.file.name).tokenCount(all.tokens, opened.array, inputs: all.inputs, found: found)
  }
}
