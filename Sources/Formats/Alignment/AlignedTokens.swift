import Storage

/// An open file of tokens, and the pairs made from it, in order.
final class AlignedTokens {
  let file: TokenFile
  let bounds: SequenceBounds?
  private(set) var pairs: NextTokenLabels
  /// Where sequences end, in words.
  let sequences: String

  /// - Parameters:
  ///   - number: the index of the file in the pairing.
  ///   - positions: the number of positions of the matching features.
  ///   - rows: positions per sequence, if the features give it.
  /// Throws ``StreamError`` if the ends of sequences are unknown, or do not match.
  init(
    _ file: TokenFile, number: Int, _ alignment: TokenAlignment, positions: Int, rows: Int?, options: ReadOptions
  ) throws {
    self.file = file
    bounds = try alignment.openBounds(ofInput: number, positions: positions, options: options)
    let length = try alignment.length(shapes: rows ?? file.sequenceLength, file: file.name, index: file.boundsFile)
    sequences = alignment.sequenceWords(length: length, array: bounds?.words)
    pairs = try NextTokenLabels(file.integers, length: length, bounds: bounds, alignment)
  }

  var integrities: [FileIntegrity] { file.integrities + (bounds?.integrities ?? []) }

  /// The next pairs before position `end`; nil at `end`.
  func next(before end: Int) throws -> NextTokenLabels.Stretch? {
    guard pairs.position < end else { return nil }
    return try pairs.next(min(NextTokenLabels.stretch, end - pairs.position))
  }

  /// Reads past all positions before `position`.
  func skip(to position: Int) throws {
    while try next(before: position) != nil { try Task.checkCancellation() }
  }

  /// Checks that the file ends here. If it does not, returns its number of tokens.
  func checkEnd() throws -> Int? {
    let position = pairs.position
    while try pairs.next() != nil { try Task.checkCancellation() }
    guard pairs.position == position else { return pairs.position }
    // The reader of the stream compares content at its end.
    try file.checkEnd { true }
    return nil
  }
}
