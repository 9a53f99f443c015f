import Storage

/// One file of tokens for several inputs, which holds their positions one input after another (``TokenAlignment``).
///
/// It stays open from one input to the next, so that it is read once.
final class SharedTokens {
  /// The first position of each input, followed by the total.
  let starts: [Int]
  private var kept: AlignedTokens?

  var inputs: Int { starts.count - 1 }
  var positions: Int { starts.last ?? 0 }

  /// Finds the number of positions of each input. Throws ``StreamError`` if that would require reading it.
  init(_ inputs: [String], options: ReadOptions) throws {
    var opening = options
    opening.threads = 1
    let role = PositionArray.Role.features(uint16IsBFloat16: options.uint16IsBFloat16)
    var starts = [0]
    for input in inputs {
      guard !FileBytes.isOnce(input) else {
        throw StreamError(
          .notAFile, file: input, expected: "a file, because \(inputs.count) inputs share one token file",
          found: "a pipe, whose positions cannot be counted in advance",
          advice: "give one token file per input, or save the features in files")
      }
      let file = try PeekedFile(input, options: opening)
      let opened = try PositionArray(file, named: options.arrays.features, as: role)
      _ = try BatchLayout(file: file.name).featureType(byPosition: opened.array, options)
      let count = try opened.positions(opened.array.shape.count - 1).count
      let (end, overflow) = (starts.last ?? 0).addingReportingOverflow(count)
      guard !overflow else { throw opened.truncated(count) }
      starts.append(end)
      try Task.checkCancellation()
    }
    self.starts = starts
  }

  /// The tokens from the first position of an input on. Continues where the previous input ended, if that is the place;
  /// otherwise opens the tokens again and skips to it.
  func tokens(ofInput number: Int, _ make: () throws -> AlignedTokens) throws -> AlignedTokens {
    if let kept, kept.pairs.position == starts[number] { return kept }
    let made = try make()
    try made.skip(to: starts[number])
    kept = made
    return made
  }
}
