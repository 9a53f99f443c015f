import Storage

/// How features by position are labelled with the tokens of a file of their own: which token is next, and where there is none.
///
/// The feature at position i has the token at i + 1 for its label, where both are positions of the same sequence. So the last
/// position of each sequence is dropped, a sequence of one position gives no sample, and one of none is no position at all.
///
/// - Sequences end where rows of 2-d tokens or 3-d features do, after each ``Bounds/length(_:)`` positions, at the offsets or
///   after the lengths that an array has, and behind each end of text; where several are said, at all of these places. An end of
///   text belongs to the sequence that it ends: it can be a label, and nothing is predicted from it.
/// - A position whose label is ignored is dropped, and so is one whose own token is. Padding on the right costs the last
///   position before it, which has no next token; padding on the left costs none, as nothing is predicted from it. Where the
///   end of text pads, it need not be ignored: each one after the first is a sequence of its own.
/// - Each input has tokens of its own, and ends a sequence. Where one file of tokens is given for several inputs, their positions
///   follow each other in it, as if they were one input: a sequence may go on in the next one, so that the last position of an
///   input is labelled with the first token of the next. Sequences, and the array of offsets or lengths, are those of all tokens.
/// - Of ``every`` k sequences the first is taken. Those of no position count, as the array of offsets or lengths has them.
public struct TokenPairing: Sendable, Equatable {
  /// Where sequences end, besides what shapes and ends of text say.
  public enum Bounds: Sendable, Equatable {
    case unsaid
    /// Of so many positions each; the last one may be shorter.
    case length(Int)
    /// 0, the first position of each other sequence, and the number of positions: an array for each file of tokens.
    case offsets([String])
    /// Positions of each sequence: an array for each file of tokens.
    case lengths([String])
  }

  /// Files of token ids, or arrays in files, one for each input, or one for all.
  public var tokens: [String]
  /// Of files without a header.
  public var width: TokenWidth?
  public var bounds: Bounds
  public var endOfText: Int32?
  public var ignored: Set<Int64>
  /// Of how many sequences one is taken.
  public var every: Int

  public init(
    tokens: [String], width: TokenWidth? = nil, bounds: Bounds = .unsaid, endOfText: Int32? = nil,
    ignored: Set<Int64> = [], every: Int = 1
  ) {
    (self.tokens, self.width, self.bounds) = (tokens, width, bounds)
    (self.endOfText, self.ignored, self.every) = (endOfText, ignored, max(every, 1))
  }

  /// Every file that is read besides the features.
  public var files: [String] { (tokens + arrays).map { TensorReference($0).file } }

  /// Those of them that go with one input.
  public func files(ofInput number: Int) -> [String] {
    [tokens, arrays].compactMap { files in
      let index = tokens.count == 1 ? 0 : number
      return files.indices.contains(index) ? TensorReference(files[index]).file : nil
    }
  }

  /// Whether one file has the tokens of so many inputs.
  func isShared(among inputs: Int) -> Bool { tokens.count == 1 && inputs > 1 }

  private var arrays: [String] {
    switch bounds {
    case .offsets(let files), .lengths(let files): files
    case .unsaid, .length: []
    }
  }
}
