/// The start of a file's content. It alone decides the format; the file's name does not.
struct Start: Sendable {
  /// The file as the user named it.
  let name: String
  /// The first ``length`` bytes of the content, or all of it if shorter.
  let bytes: [UInt8]
  /// Whether the file is in Zstandard frames.
  let isCompressed: Bool
  /// Bytes of a plain file; nil for a pipe or compressed input.
  let size: Int?
  /// Width of the integers, if the user says that the file has no header.
  let width: TokenWidth?
  /// Whether the user says that it holds only such integers, whatever it starts with.
  var isRaw = false

  static let length = 512

  /// Whether the bytes can be read in any order.
  var isSeekable: Bool { size != nil && name != "-" && !isCompressed }
}
