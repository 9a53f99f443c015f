import Storage

extension TokenCounts {
  /// Whether an input is one array of token ids whose shape says where sequences end: the array named after `#`, the
  /// only array of an NPY file, or that of a file without features.
  package static func hasSequences(_ text: String, options: ReadOptions = ReadOptions()) throws -> Bool {
    let reference = TensorReference(text)
    guard try Formats.access(to: reference.file) != .once,
      let opened = try Trial.result({ try Formats.open(PeekedFile(reference.file), as: "token ids") })
    else { return false }
    switch opened {
    case .inOrder(let cursor):
      guard let header = try Trial.result({ try cursor.nextHeader() }) ?? nil, header.type.isInteger else {
        return false
      }
      return UnitAxes.tokens(header.shape).count == 2
    case .named(let file):
      guard try reference.tensor != nil || !file.holdsFeatures(options) else { return false }
      return try Trial.result { try TokenFile(text, width: nil, options: ReadOptions()) }?.sequenceLength != nil
    case .integers: return false
    }
  }

  /// Adds the labels that features by position would get from an input's tokens, without reading the features.
  ///
  /// - Parameter progress: receives the bytes read so far.
  /// Throws ``StreamError`` that locates an invalid token id, or if sequences do not end with the tokens.
  package mutating func add(
    nextTokens number: Int, _ alignment: TokenAlignment, threads: Int = 1, progress: (Int) throws -> Void = { _ in }
  ) throws {
    let before = self
    let options = ReadOptions(threads: threads)
    let tokens = try TokenFile(
      try alignment.tokens(ofInput: number), width: alignment.width, isRaw: alignment.isRaw, options: options)
    let length = try alignment.length(shapes: tokens.sequenceLength, file: tokens.name, index: tokens.boundsFile)
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
    let counted = self
    let hasSameContent = {
      var again = before
      try again.add(nextTokens: number, alignment, threads: threads, progress: progress)
      return again.csv == counted.csv
    }
    try tokens.checkEnd(hasSameContent)
    for file in bounds?.integrities ?? [] { try file.check(hasSameContent) }
  }
}
