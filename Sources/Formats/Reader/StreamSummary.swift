import Samples

/// The contents of a stream, complete once it has been read to its end.
package struct StreamSummary: Sendable, Equatable, Codable {
  /// One file or pipe of the stream.
  package struct Source: Sendable, Equatable, Codable {
    /// The file as the user named it.
    package let name: String
    /// Bytes read from it, before decompression.
    package let bytes: Int
    package let rows: Int
  }

  package internal(set) var sources: [Source] = []
  /// Samples passed on.
  package internal(set) var rows = 0
  /// Rows left out for a NaN or an infinite feature.
  package internal(set) var skipped = 0
  /// Storage types of the features, in order of appearance.
  package internal(set) var scalars: [ScalarType] = []
  /// Identity of the samples in any container; see ``SampleDigest``.
  package internal(set) var digest = ""
  /// Identity of their labels alone; nil before the stream has ended.
  package internal(set) var labelsDigest: String?

  /// Notes for the user about how it was read, from the first input that has any.
  package internal(set) var notes: [String] = []

  /// Identity of the samples as numbers: the same bytes in another storage type are different samples.
  package var samples: String {
    "\(digest), \(rows) of \(scalars.map(\.rawValue).joined(separator: ", "))"
  }

  package init() {}

  mutating func note(_ block: Block) {
    rows += block.rows
    if !scalars.contains(block.scalar) { scalars.append(block.scalar) }
  }
}
