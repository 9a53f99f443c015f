import Storage
import Support

extension TokenCounts {
  /// Whether a file is one NPY array of token ids with two indices, which says where sequences end.
  public static func hasSequences(_ name: String) throws -> Bool {
    guard name != "-", [.npy, .zstd].contains(try FileKind.of(name)),
      let cursor = try? ArrayCursor(name: name), let header = try? cursor.nextHeader()
    else { return false }
    return header.type.isInteger && header.shape.count == 2
  }

  /// Adds the labels that features by position would have by the tokens of an input, and reads no features.
  ///
  /// - Parameter progress: is told the bytes taken so far.
  /// Throws ``StreamError`` that names the place of what is no token id, or where sequences end elsewhere than the tokens.
  public mutating func add(
    nextTokens number: Int, _ pairing: TokenPairing, threads: Int = 1, progress: (Int) throws -> Void = { _ in }
  ) throws {
    let options = ReadOptions(threads: threads)
    let tokens = try TokenFile(try pairing.tokens(ofInput: number), width: pairing.width, options: options)
    let length = try pairing.length(shapes: tokens.sequenceLength, file: tokens.name)
    let bounds = try pairing.openBounds(ofInput: number, positions: tokens.count, options: options)
    var pairs = try TokenPairs(tokens.integers, length: length, bounds: bounds, pairing)
    while let stretch = try pairs.next() {
      stretch.labels.withUnsafeBufferPointer { add($0) }
      try progress(tokens.integers.consumedBytes)
    }
    guard pairs.position > 0 else {
      throw StreamError(
        .empty,
        Diagnosis(
          file: tokens.name, expected: "token ids", found: "none",
          advice: "check that the program that wrote it finished"))
    }
    try tokens.checkEnd()
  }
}
