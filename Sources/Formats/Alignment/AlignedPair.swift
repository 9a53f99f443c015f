import Samples
import Storage

/// Tokens by position and their features in one file, read in batches. The label of a position is the next token.
///
/// Rows of 2-d tokens or 3-d features are sequences; otherwise all positions are one. The samples are those of the same
/// arrays in separate files (``AlignedInput``).
final class AlignedPair {
  /// What a file holds before a pair.
  struct Before {
    var sequences = 0
    var positions = 0
  }

  /// The arrays of a pair.
  struct Arrays {
    let tokens: PositionArray
    let features: PositionArray
    let predictions: PositionArray?
  }

  let positions: Int
  /// Where sequences end, in words.
  let ends: String
  private let before: Before
  private let type: ElementType
  private var pairs: NextTokenLabels
  private let features: PositionFeatures
  private let predictions: PositionPredictions?

  /// - Parameters:
  ///   - before: what the file holds before these arrays.
  ///   - first: the position to start with.
  /// Throws ``StreamError`` if the arrays do not fit together.
  init(_ arrays: Arrays, options: ReadOptions, pool: BufferPool, after before: Before, from first: Int) throws {
    let (tokens, rows) = (arrays.tokens, arrays.features)
    let layout = BatchLayout(file: rows.file)
    let scalar = try layout.featureType(byPosition: rows.array, options)
    let indices = rows.array.shape.count - 1
    let (count, length) = try rows.positions(indices)
    let (own, ownLength) = try tokens.positions(tokens.array.shape.count)
    guard own == count else { throw layout.tokenCount(count, rows.array, inputs: 1, found: own) }
    try ResumablePosition.check(first, in: 0...count, rows.file)
    try layout.checkSequences(ownLength, against: rows.array, length, tokens: rows.file)
    let whole = max(length ?? ownLength ?? count, 1)
    (positions, self.before) = (count, before)
    ends =
      (length ?? ownLength).map { TokenAlignment(tokens: []).sequenceWords(length: $0, array: nil) }
      ?? "the array is one sequence"
    type = tokens.array.elementType ?? ElementType(kind: .signed, width: 8)
    pairs = try NextTokenLabels(
      StoredIntegers(tokens.array.bytes(from: 0), name: rows.file, type: type, count: count), length: whole,
      bounds: nil, TokenAlignment(tokens: []))
    let dimension = rows.array.shape[indices]
    features = PositionFeatures(
      try rows.bytes(from: first, indices: indices, positionBytes: dimension * scalar.byteCount), file: rows.file,
      at: first, dimension: dimension, scalar: scalar,
      type: rows.array.elementType ?? ElementType(kind: .float, width: scalar.byteCount), pool: pool,
      firstRow: before.positions, missing: rows.truncated)
    predictions = try arrays.predictions.map {
      try PositionPredictions($0, beside: rows, positions: count, from: first)
    }
    while pairs.position < first, try pairs.next(min(NextTokenLabels.stretch, first - pairs.position)) != nil {
      try Task.checkCancellation()
    }
  }

  /// The position after the last batch.
  var done: Int { pairs.position }

  /// The next positions that have labels; nil at the end.
  ///
  /// - Parameters:
  ///   - firstRow: number of rows of the input before the batch.
  ///   - number: the pair's number in the file, for the mark.
  func nextBatch(firstRow: Int, number: Int) throws -> Batch? {
    while let stretch = try pairs.next() {
      let chosen = try predictions?.read(stretch)
      try Task.checkCancellation()
      guard !stretch.labels.isEmpty else { continue }
      try features.skip(to: stretch.positions.lowerBound)
      return Batch(
        stretch.numbered(from: before.sequences), predictions: chosen, features: features, tokens: type,
        firstRow: firstRow, mark: ResumablePosition(frame: number, content: stretch.positions.lowerBound))
    }
    return nil
  }

  /// The first position at which an array of integers is 0; nil if there is none.
  static func firstZero(_ array: PositionArray) throws -> Int? {
    let integers = try integers(of: array)
    var some = [Int64](repeating: 0, count: NextTokenLabels.stretch)
    while case let count = try some.withUnsafeMutableBufferPointer({ try integers.read(into: $0) }), count > 0 {
      if let index = some[..<count].firstIndex(of: 0) { return integers.done - count + index }
      try Task.checkCancellation()
    }
    return nil
  }

  private static func integers(of array: PositionArray) throws -> StoredIntegers {
    StoredIntegers(
      try array.array.bytes(from: 0), name: array.file,
      type: array.array.elementType ?? ElementType(kind: .signed, width: 8),
      count: try array.positions(array.array.shape.count).count)
  }

  /// Whether two arrays of integers hold the same numbers; masked labels may differ from the tokens.
  enum Comparison { case equal, equalButMasked, different }

  /// Compares labels with tokens up to the first difference.
  static func compare(_ labels: PositionArray, _ tokens: PositionArray) throws -> Comparison {
    let sources = try [labels, tokens].map { try integers(of: $0) }
    var some = sources.map { _ in [Int64](repeating: 0, count: NextTokenLabels.stretch) }
    var result = Comparison.equal
    while true {
      let counts = try sources.indices.map { index in
        try some[index].withUnsafeMutableBufferPointer { try sources[index].read(into: $0) }
      }
      guard counts[0] == counts[1] else { return .different }
      if counts[0] == 0 { return result }
      for (label, token) in zip(some[0][..<counts[0]], some[1][..<counts[0]]) where label != token {
        guard label == UsualNames.maskedLabel else { return .different }
        result = .equalButMasked
      }
      try Task.checkCancellation()
    }
  }
}

extension NextTokenLabels.Stretch {
  /// The same stretch, with sequences numbered after the first `count`.
  fileprivate func numbered(from count: Int) -> Self {
    Self(
      positions: positions, runs: runs.map { Run(positions: $0.positions, sequence: $0.sequence.map { $0 &+ count }) },
      labels: labels)
  }
}
