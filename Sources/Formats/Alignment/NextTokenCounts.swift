import Storage

extension TokenCounts {
  /// Whether a file is one 2-d NPY array of token ids, whose shape says where sequences end.
  public static func hasSequences(_ name: String) throws -> Bool {
    guard try Formats.access(to: name) != .once,
      case .inOrder(let cursor)? = try? Formats.open(PeekedFile(name), as: "token ids"),
      let header = try? cursor.nextHeader()
    else { return false }
    return header.type.isInteger && header.shape.count == 2
  }

  /// Adds the labels that features by position would get from an input's tokens, without reading the features.
  ///
  /// - Parameter progress: receives the bytes read so far.
  /// Throws ``StreamError`` that locates an invalid token id, or if sequences do not end with the tokens.
  public mutating func add(
    nextTokens number: Int, _ alignment: TokenAlignment, threads: Int = 1, progress: (Int) throws -> Void = { _ in }
  ) throws {
    let options = ReadOptions(threads: threads)
    let tokens = try TokenFile(try alignment.tokens(ofInput: number), width: alignment.width, options: options)
    let length = try alignment.length(shapes: tokens.sequenceLength, file: tokens.name)
    let bounds = try alignment.openBounds(ofInput: number, positions: tokens.count, options: options)
    var pairs = try NextTokenLabels(tokens.integers, length: length, bounds: bounds, alignment)
    note(
      StreamChoice(
        [.init("tokens", indices: tokens.shape?.count ?? 1, type: tokens.integers.type.name, tokens.place)],
        .nextTokens(sequences: alignment.sequenceWords(length: length, array: bounds?.words))))
    while let stretch = try pairs.next() {
      stretch.labels.withUnsafeBufferPointer { add($0) }
      try progress(tokens.integers.consumedBytes)
    }
    guard pairs.position > 0 else {
      throw StreamError(
        .empty, file: tokens.name, expected: "token ids", found: "none",
        advice: "check that the program that wrote it finished")
    }
    try tokens.checkEnd()
  }
}
