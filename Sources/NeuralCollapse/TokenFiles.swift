import Formats
import Storage

/// Token ids in files of their own, beside features by position: the feature at position i is labelled with the token at i + 1
/// of its sequence.
///
/// The last position of a sequence has no next token and is dropped. Sequences end where rows of 2-d tokens or 3-d features
/// do, and where `sequences` and `endOfText` say.
public struct TokenFiles: Sendable, Equatable {
  /// The integers of a file without a header, little-endian.
  public enum Integers: String, Sendable, CaseIterable {
    case uint16, uint32
  }

  /// Where sequences end, in addition to shapes and end-of-text tokens.
  public enum Sequences: Sendable, Equatable {
    case unspecified
    /// After each so many positions; the last sequence may be shorter.
    case length(Int)
    /// In an array for each file of tokens, as in `docs.h5#offsets`: 0, where each other sequence starts, and the number of
    /// positions.
    case offsets([String])
    /// In an array for each file of tokens: the positions of each sequence.
    case lengths([String])
  }

  /// One file for each file of features, or one for all in order: `.npy`, `file.h5#name`, `file.safetensors#name`, or
  /// integers without a header; each may be in Zstandard frames if it is no HDF5 and no safetensors file.
  public var files: [String]
  /// For files without a header.
  public var integers: Integers?
  public var sequences: Sequences
  /// The token id that ends a sequence. It can be a label; nothing is predicted from it.
  public var endOfText: Int32?
  /// Token ids that are neither labels nor positions to predict from, as padding.
  public var ignored: Set<Int64>
  /// k, to take each k-th sequence, the first one first.
  public var everySequence: Int

  public init(
    _ files: [String], integers: Integers? = nil, sequences: Sequences = .unspecified, endOfText: Int32? = nil,
    ignored: Set<Int64> = [], everySequence: Int = 1
  ) {
    (self.files, self.integers, self.sequences) = (files, integers, sequences)
    (self.endOfText, self.ignored, self.everySequence) = (endOfText, ignored, everySequence)
  }

  /// Throws if a number of it cannot be used.
  func alignment() throws(CollapseError) -> TokenAlignment {
    if case .length(let length) = sequences, length < 1 { throw Self.tooSmall("sequences", length) }
    guard everySequence > 0 else { throw Self.tooSmall("everySequence", everySequence) }
    let bounds: TokenAlignment.Bounds =
      switch sequences {
      case .unspecified: .unspecified
      case .length(let length): .length(length)
      case .offsets(let files): .offsets(files)
      case .lengths(let files): .lengths(files)
      }
    let width: TokenWidth? =
      switch integers {
      case nil: nil
      case .uint16: .uint16
      case .uint32: .uint32
      }
    return TokenAlignment(
      tokens: files, width: width, bounds: bounds, endOfText: endOfText, ignored: ignored, every: everySequence)
  }

  private static func tooSmall(_ parameter: String, _ found: Int) -> CollapseError {
    CollapseError(.parameter, parameter, expected: "at least 1", found: "\(found)", advice: "give a positive number")
  }
}
