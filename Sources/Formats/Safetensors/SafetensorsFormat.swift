import Storage

/// Tensors of a safetensors file, or of the shards that an index names.
enum SafetensorsFormat: Format {
  static let name = "safetensors"

  /// Plain integers may start like a directory or an index. If the user says that a file holds integers, its start
  /// must have words of one, or the file must be complete.
  static func recognizes(_ start: Start) -> Bool {
    guard SafetensorsFile.recognizes(start.bytes) || SafetensorsIndex.recognizes(start.bytes) else { return false }
    guard start.width != nil else { return true }
    let text = String(decoding: start.bytes.dropFirst(8), as: UTF8.self)
    return words.contains { text.contains("\"\($0)\"") }
      || start.isSeekable && isWhole(start.name)
  }

  /// Also if it cannot be looked at: opening it reports the error.
  private static func isWhole(_ name: String) -> Bool {
    do { return try Trial.result { try SafetensorsFile(name) } != nil } catch { return true }
  }

  private static let words = ["dtype", "__metadata__", "weight_map", "metadata", "total_size"]

  static func parts(of path: String) throws -> [String] { try SafetensorsIndex(ifAny: path)?.files ?? [] }

  static func open(_ file: PeekedFile) throws -> Opened {
    .named(try SafetensorsInput(file.file))
  }
}
