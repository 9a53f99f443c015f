import Storage

/// How features by position are labelled with the tokens of a separate file.
///
/// The label of the feature at position i is the token at position i + 1, if both are in one sequence. So the last
/// position of each sequence is dropped, a sequence of one position gives no sample, and an empty sequence has no
/// positions.
///
/// - Sequences end with the rows of 2-d tokens or 3-d features, or after every ``Bounds/length(_:)`` positions. They
///   also end at the offsets or lengths in an array, and after each end-of-text token. If several of these are given,
///   all apply. An end-of-text token belongs to the sequence that it ends: it can be a label, but nothing is predicted
///   from it.
/// - A position is dropped if its label or its own token is ignored. Right padding costs the last position before it,
///   which has no next token. Left padding costs none, because nothing is predicted from it. Padding with end-of-text
///   tokens need not be ignored: each one after the first is a separate sequence.
/// - Each input has its own tokens, and its end is the end of a sequence. If several inputs share one token file, it
///   holds their positions one input after another, as if they were one input. A sequence may then continue in the next
///   input, so the last position of an input is labelled with the first token of the next. Sequences, and the array of
///   offsets or lengths, cover all the tokens.
/// - The first of every ``every`` sequences is taken. Empty sequences count as the array of offsets or lengths lists
///   them.
package struct TokenAlignment: Sendable, Equatable {
  /// Where sequences end, in addition to shapes and end-of-text tokens.
  package enum Bounds: Sendable, Equatable {
    case unspecified
    /// Sequences of this many positions; the last may be shorter.
    case length(Int)
    /// 0, the first position of each later sequence, and the number of positions: one array per token file.
    case offsets([String])
    /// The positions of each sequence: one array per token file.
    case lengths([String])
  }

  /// Files of token ids, or arrays in files: one per input, or one for all inputs.
  package var tokens: [String]
  /// Width of the integers in files without a header.
  package var width: TokenWidth?
  /// Whether the files hold only integers of that width, whatever they start with.
  package var isRaw: Bool
  package var bounds: Bounds
  package var endOfText: Int32?
  package var ignored: Set<Int64>
  /// Takes the first of every so many sequences.
  package var every: Int

  package init(
    tokens: [String], width: TokenWidth? = nil, isRaw: Bool = false, bounds: Bounds = .unspecified,
    endOfText: Int32? = nil,
    ignored: Set<Int64> = [], every: Int = 1
  ) {
    (self.tokens, self.width, self.isRaw, self.bounds) = (tokens, width, isRaw, bounds)
    (self.endOfText, self.ignored, self.every) = (endOfText, ignored, max(every, 1))
  }

  /// Every file read in addition to the features.
  package var files: [String] { (tokens + arrays).map { TensorReference($0).file } }

  /// The part of ``files`` that belongs to one input.
  package func files(ofInput number: Int) -> [String] {
    [tokens, arrays].compactMap { files in
      let index = tokens.count == 1 ? 0 : number
      return files.indices.contains(index) ? TensorReference(files[index]).file : nil
    }
  }

  /// Whether one file holds the tokens of several inputs.
  func isShared(among inputs: Int) -> Bool { tokens.count == 1 && inputs > 1 }

  private var arrays: [String] {
    switch bounds {
    case .offsets(let files), .lengths(let files): files
    case .unspecified, .length: []
    }
  }
}
