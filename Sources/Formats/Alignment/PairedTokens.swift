import Storage

/// A file of tokens, opened, and the pairs that are made of it, in order.
final class PairedTokens {
  let file: TokenFile
  let bounds: SequenceBounds?
  private(set) var pairs: TokenPairs

  /// - Parameters:
  ///   - number: which of the pairing's files it is.
  ///   - positions: of the features that it goes with.
  ///   - rows: positions of each sequence, where the features say so.
  /// Throws ``StreamError`` where sequences cannot be told, or end elsewhere.
  init(
    _ file: TokenFile, number: Int, _ pairing: TokenPairing, positions: Int, rows: Int?, options: ReadOptions
  ) throws {
    self.file = file
    bounds = try pairing.openBounds(ofInput: number, positions: positions, options: options)
    let length = try pairing.length(shapes: rows ?? file.sequenceLength, file: file.name)
    pairs = try TokenPairs(file.integers, length: length, bounds: bounds, pairing)
  }

  var integrities: [FileIntegrity] { file.integrities + (bounds?.integrities ?? []) }

  /// The pairs of the next positions, none at or behind `end`; nil there.
  func next(before end: Int) throws -> TokenPairs.Stretch? {
    guard pairs.position < end else { return nil }
    return try pairs.next(min(TokenPairs.stretch, end - pairs.position))
  }

  /// Goes through all positions before one.
  func skip(to position: Int) throws {
    while try next(before: position) != nil { try Task.checkCancellation() }
  }

  /// Checks that the file ends here, and returns how many tokens it has where it does not.
  func checkEnd() throws -> Int? {
    let position = pairs.position
    while try pairs.next() != nil { try Task.checkCancellation() }
    guard pairs.position == position else { return pairs.position }
    try file.checkEnd()
    return nil
  }
}
