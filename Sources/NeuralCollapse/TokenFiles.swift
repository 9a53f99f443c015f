import Formats
import Storage

/// Files of token ids for files of features without labels. The label of position i is the token at position i + 1.
///
/// The last position of a sequence has no next token and is dropped. A sequence ends with each row of 2-d tokens or 3-d
/// features, and where `sequences` or `endOfText` ends it.
public struct TokenFiles: Sendable, Equatable {
  /// The little-endian integer type of a file without a header.
  public enum Integers: String, Sendable, CaseIterable {
    case uint16, uint32
  }

  /// Where sequences end, in addition to the ends given by shapes and end-of-text tokens.
  public enum Sequences: Sendable, Equatable {
    /// Nowhere else.
    case unspecified
    /// After every so many positions. The last sequence may be shorter.
    case length(Int)
    /// Arrays of start positions, one array for each token file, such as `docs.h5#offsets`. An array starts with 0 and
    /// ends with the number of positions.
    case offsets([String])
    /// Arrays of sequence lengths, one array for each token file.
    case lengths([String])
  }

  /// One token file for each feature file, or one for all of them in order: `.npy`, `file.h5#name`,
  /// `file.safetensors#name`, or integers without a header. NPY and headerless files may be compressed with Zstandard.
  public var files: [String]
  /// The integer type of files without a header; they need it.
  public var integers: Integers?
  /// Where sequences end.
  public var sequences: Sequences
  /// The token id that ends a sequence. It can be a label, but its own position is dropped.
  public var endOfText: Int32?
  /// Token ids to ignore, such as padding: as labels, and as positions.
  public var ignored: Set<Int64>
  /// k, to read only every k-th sequence, starting with the first.
  public var everySequence: Int

  /// Each parameter is the property of that name.
  public init(
    _ files: [String], integers: Integers? = nil, sequences: Sequences = .unspecified, endOfText: Int32? = nil,
    ignored: Set<Int64> = [], everySequence: Int = 1
  ) {
    (self.files, self.integers, self.sequences) = (files, integers, sequences)
    (self.endOfText, self.ignored, self.everySequence) = (endOfText, ignored, everySequence)
  }

  /// Throws ``CollapseError`` if a number is not positive.
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
