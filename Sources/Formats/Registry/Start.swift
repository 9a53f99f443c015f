/// How the content of a file begins, which says what format it has: a name says nothing.
struct Start: Sendable {
  /// As the user named the file.
  let name: String
  /// The first bytes of the content: ``length`` of them, or all where there are fewer.
  let bytes: [UInt8]
  /// Whether the file is in Zstandard frames.
  let isCompressed: Bool
  /// Bytes of a plain file; nil for a pipe or compressed input.
  let size: Int?
  /// The integers that the user says a file without a header holds.
  let width: TokenWidth?

  static let length = 512
}
