import Samples

/// The contents of a stream, complete once it has been read to its end.
public struct StreamSummary: Sendable, Equatable, Codable {
  /// One file or pipe of the stream.
  public struct Source: Sendable, Equatable, Codable {
    /// The file as the user named it.
    public let name: String
    /// Bytes read from it, before decompression.
    public let bytes: Int
    public let rows: Int
  }

  public internal(set) var sources: [Source] = []
  /// Samples passed on.
  public internal(set) var rows = 0
  /// Rows left out for a NaN or an infinite feature.
  public internal(set) var skipped = 0
  /// Storage types of the features, in order of appearance.
  public internal(set) var scalars: [ScalarType] = []
  /// Identity of the samples in any container; see ``SampleDigest``.
  public internal(set) var digest = ""

  /// Notes for the user about how it was read, from the first input that has any.
  public internal(set) var notes: [String] = []

  /// Identity of the samples as numbers: the same bytes in another storage type are different samples.
  public var samples: String {
    "\(digest), \(rows) of \(scalars.map(\.rawValue).joined(separator: ", "))"
  }

  public init() {}

  mutating func note(_ block: Block) {
    rows += block.rows
    if !scalars.contains(block.scalar) { scalars.append(block.scalar) }
  }
}
