import Samples
import Storage

/// What features by position and their tokens have to agree on.
extension BatchLayout {
  /// The storage type of features by position.
  func featureType(byPosition array: any StreamArray, _ options: ReadOptions) throws -> ScalarType {
    guard (2...3).contains(array.shape.count) else {
      throw StreamError(
        .badShape, file: file, position: array.position,
        expected: "features by position: 2-d floats, position × d, or 3-d ones, sequence × position × d",
        found: array.summary,
        advice: "a stream that has labels of its own is read without --tokens; else save the hidden states alone")
    }
    return try featureType(array, dimension: array.shape[array.shape.count - 1], options)
  }

  /// Refuses tokens of other positions than the features have, as far as their sizes say.
  ///
  /// - Parameters:
  ///   - positions: of the features of all inputs that the tokens are for.
  ///   - inputs: how many these are.
  func check(_ tokens: TokenFile, against features: any StreamArray, positions: Int, inputs: Int) throws {
    guard let count = tokens.count, count != positions else { return }
    throw BatchLayout(file: tokens.name).tokenCount(positions, features, inputs: inputs, found: count)
  }

  /// Refuses tokens of other sequences than the features have, as far as their shapes say.
  func check(_ tokens: TokenFile, against features: any StreamArray, sequenceLength: Int?) throws {
    guard let own = tokens.sequenceLength, let sequenceLength, own != sequenceLength else { return }
    throw StreamError(
      .countMismatch, file: tokens.name,
      expected: "sequences of \(sequenceLength) tokens, as the features have (\(features.summary))",
      found: "sequences of \(own)", advice: "give the tokens that the features were made of, in the same order")
  }

  func tokenCount(_ positions: Int, _ features: any StreamArray, inputs: Int, found: Int) -> StreamError {
    let whose = inputs == 1 ? features.summary : "those of \(inputs) inputs together"
    return StreamError(
      .countMismatch, file: file, expected: "\(positions) token ids, one for each position of the features (\(whose))",
      found: "\(found)",
      advice: inputs == 1
        ? "give the tokens that the features were made of, position by position; check --token-type where there is no header"
        : "give all files of features that the tokens are of, in their order, or a file of tokens for each; check --token-type where there is no header"
    )
  }
}

extension TokenPairing {
  /// The tokens of an input.
  func tokens(ofInput number: Int) throws -> String { try Self.file(number, of: tokens, "token files") }

  private static func file(_ number: Int, of files: [String], _ what: String) throws -> String {
    guard files.indices.contains(number) else {
      throw StreamError(
        .badReference, expected: "as many \(what) as inputs", found: "\(files.count)",
        advice: "give one for each input, in their order")
    }
    return files[number]
  }

  /// Positions of each sequence, of shapes that say them or not. Throws ``StreamError`` where nothing says where sequences end,
  /// or two things say two lengths.
  func length(shapes: Int?, file: String) throws -> Int? {
    if case .length(let length) = bounds {
      guard let shapes, shapes != length else { return length }
      throw StreamError(
        .badReference, file: file, expected: "sequences of \(shapes) positions, as the arrays have",
        found: "--sequence-length \(length)", advice: "leave it out: the arrays say it")
    }
    guard shapes == nil, bounds == .unsaid, endOfText == nil else { return shapes.map { max($0, 1) } }
    throw StreamError(
      .badReference, file: file, expected: "to know where sequences end, as no label is taken across",
      found: "1-d tokens",
      advice: "give --sequence-length, --sequence-offsets, --sequence-lengths or --end-of-text, or save 2-d tokens")
  }

  /// The bounds of the sequences of an input, where an array has them.
  func openBounds(ofInput number: Int, positions: Int?, options: ReadOptions) throws -> SequenceBounds? {
    switch bounds {
    case .unsaid, .length: return nil
    case .offsets(let files):
      return try SequenceBounds(
        Self.file(number, of: files, "files of offsets"), .offsets, positions: positions, options: options)
    case .lengths(let files):
      return try SequenceBounds(
        Self.file(number, of: files, "files of lengths"), .lengths, positions: positions, options: options)
    }
  }
}
