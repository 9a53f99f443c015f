import Samples

/// What a stream turned out to hold, once it was read to its end.
public struct StreamSummary: Sendable, Equatable, Codable {
  /// One file or pipe of the stream.
  public struct Source: Sendable, Equatable, Codable {
    /// As the user named it.
    public let name: String
    /// Bytes taken from it, compressed where it is.
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
  /// Identity of the samples, whatever contained them; see ``SampleDigest``.
  public internal(set) var digest = ""

  /// What the user should know of how it was read: that of the first input that has something to say.
  public internal(set) var notes: [String] = []

  /// Identity of the samples as numbers: the same bytes are others in another storage type.
  public var samples: String {
    "\(digest), \(rows) of \(scalars.map(\.rawValue).joined(separator: ", "))"
  }

  public init() {}

  mutating func note(_ block: Block) {
    rows += block.rows
    if !scalars.contains(block.scalar) { scalars.append(block.scalar) }
  }
}
