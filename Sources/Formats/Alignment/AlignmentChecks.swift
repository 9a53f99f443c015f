import Samples
import Storage

/// What features by position and their tokens must agree on.
extension BatchLayout {
  /// The storage type of features by position.
  func featureType(byPosition array: any StreamArray, _ options: ReadOptions) throws -> ScalarType {
    guard (2...3).contains(array.shape.count) else {
      throw StreamError(
        .badShape, file: file, position: array.position,
        expected: "features by position: 2-d floats (position × d) or 3-d floats (sequence × position × d)",
        found: array.summary,
        advice: array.shape.count > 3
          ? UnitAxes.joining(array.shape)
          : "if the stream has labels already, leave out --tokens; otherwise save only the hidden states")
    }
    return try featureType(array, dimension: array.shape[array.shape.count - 1], options)
  }

  /// Rejects tokens whose number differs from the number of positions, if the file's size reveals it.
  ///
  /// - Parameters:
  ///   - positions: of the features of all inputs that the tokens cover.
  ///   - inputs: the number of those inputs.
  func check(_ tokens: TokenFile, against features: any StreamArray, positions: Int, inputs: Int) throws {
    guard let count = tokens.count, count != positions else { return }
    throw BatchLayout(file: tokens.name).tokenCount(positions, features, inputs: inputs, found: count)
  }

  /// Rejects tokens whose sequence length differs from that of the features, if the shapes reveal it.
  ///
  /// - Parameters:
  ///   - own: the sequence length of the tokens.
  ///   - tokens: their file.
  func checkSequences(_ own: Int?, against features: any StreamArray, _ length: Int?, tokens: String) throws {
    guard let own, let length, own != length else { return }
    throw StreamError(
      .countMismatch, file: tokens,
      expected: "sequences of \(length) tokens, as in the features (\(features.summary))",
      found: "sequences of \(own)", advice: "give the tokens that the features were computed from, in the same order")
  }

  func tokenCount(_ positions: Int, _ features: any StreamArray, inputs: Int, found: Int) -> StreamError {
    let whose = inputs == 1 ? features.summary : "\(inputs) inputs together"
    return StreamError(
      .countMismatch, file: file, expected: "\(positions) token ids, one for each position of the features (\(whose))",
      found: "\(found)",
      advice: inputs == 1
        ? "give the tokens that the features were computed from, position by position; if the file has no header, check --token-type"
        : "give all feature files that the tokens cover, in order, or one token file for each; if the file has no header, check --token-type"
    )
  }
}

extension TokenAlignment {
  /// The token file of an input.
  func tokens(ofInput number: Int) throws -> String { try Self.file(number, of: tokens, "token file") }

  private static func file(_ number: Int, of files: [String], _ what: String) throws -> String {
    guard files.indices.contains(number) else {
      throw StreamError(
        .badReference, expected: "one \(what) per input", found: "\(files.count)",
        advice: "give one for each input, in order")
    }
    return files[number]
  }

  /// Positions per sequence, from the shapes or the options. Throws ``StreamError`` if nothing says where sequences
  /// end, or if shapes and options disagree.
  ///
  /// - Parameter index: a file beside the tokens that has the lengths of sequences.
  func length(shapes: Int?, file: String, index: String? = nil) throws -> Int? {
    if case .length(let length) = bounds {
      guard let shapes, shapes != length else { return length }
      throw StreamError(
        .badReference, file: file, expected: "sequences of \(shapes) positions, as in the arrays",
        found: "--sequence-length \(length)", advice: "leave it out: the arrays give the length")
    }
    guard shapes == nil, bounds == .unspecified, endOfText == nil else { return shapes.map { max($0, 1) } }
    throw StreamError(
      .badReference, file: file, expected: "the ends of sequences, because no label crosses them",
      found: "1-d tokens",
      advice: index.map { "give --sequence-lengths \($0), which has them, or --end-of-text" }
        ?? "give --sequence-length, --sequence-offsets, --sequence-lengths or --end-of-text, or save 2-d tokens")
  }

  /// Where sequences end, in words.
  ///
  /// - Parameters:
  ///   - length: positions per sequence, if known.
  ///   - array: the array of bounds, in words, if there is one.
  func sequenceWords(length: Int?, array: String?) -> String {
    let ends: [String?] = [
      length.map { "every \($0) positions" },
      array.map { "at the \($0)" },
      endOfText.map { "after each token \($0)" },
    ]
    return "sequences end " + ends.compactMap(\.self).joined(separator: " and ")
  }

  /// The sequence bounds of an input, if an array holds them.
  func openBounds(ofInput number: Int, positions: Int?, options: ReadOptions) throws -> SequenceBounds? {
    switch bounds {
    case .unspecified, .length: return nil
    case .offsets(let files):
      return try SequenceBounds(
        Self.file(number, of: files, "file of offsets"), .offsets, positions: positions, options: options)
    case .lengths(let files):
      return try SequenceBounds(
        Self.file(number, of: files, "file of lengths"), .lengths, positions: positions, options: options)
    }
  }
}
