import Storage
import Support

/// One file of tokens for several inputs, whose positions follow each other in it (``TokenPairing``).
///
/// Kept from one input to the next, so that it is read once.
final class SharedTokens {
  /// The first position of each input, and behind them the number of all.
  let starts: [Int]
  private var kept: PairedTokens?

  var inputs: Int { starts.count - 1 }
  var positions: Int { starts.last ?? 0 }

  /// Looks at each input for how many positions it has. Throws ``StreamError`` where that cannot be seen without reading it.
  init(_ inputs: [String], options: ReadOptions) throws {
    var opening = options
    opening.threads = 1
    let role = PositionArray.Role.features(uint16IsBFloat16: options.uint16IsBFloat16)
    var starts = [0]
    for input in inputs {
      let file = try FileBytes(name: input)
      guard file.size != nil, file.name != "-" else {
        throw StreamError(
          .notAFile,
          Diagnosis(
            file: file.name, expected: "a file, as one file of tokens is given for \(inputs.count) inputs",
            found: "a pipe, whose positions nobody can count before they are read",
            advice: "give a file of tokens for each input, or put the features into files"))
      }
      let opened = try PositionArray(
        file, named: options.arrays.features, as: role, options: opening, pool: BufferPool())
      _ = try BatchLayout(file: file.name).featureType(byPosition: opened.array, options)
      let count = try opened.positions(opened.array.shape.count - 1).count
      let (end, overflow) = (starts.last ?? 0).addingReportingOverflow(count)
      guard !overflow else { throw opened.truncated(count) }
      starts.append(end)
      try Task.checkCancellation()
    }
    self.starts = starts
  }

  /// The tokens from the first position of an input on, which is where those of the one before it ended, or are made anew and gone
  /// through until there.
  func tokens(ofInput number: Int, _ make: () throws -> PairedTokens) throws -> PairedTokens {
    if let kept, kept.pairs.position == starts[number] { return kept }
    let made = try make()
    try made.skip(to: starts[number])
    kept = made
    return made
  }
}
