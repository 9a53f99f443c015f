/// Tensors of a safetensors file, or of the shards that an index names.
enum SafetensorsFormat: Format {
  static let name = "safetensors"

  /// Plain integers may start like a directory or an index. If the user says that a file holds integers, only a
  /// complete safetensors file is recognized.
  static func recognizes(_ start: Start) -> Bool {
    guard SafetensorsFile.recognizes(start.bytes) || SafetensorsIndex.recognizes(start.bytes) else { return false }
    return start.width == nil || start.size != nil && start.name != "-" && (try? SafetensorsFile(start.name)) != nil
  }

  static func parts(of path: String) throws -> [String] { try SafetensorsIndex(ifAny: path)?.files ?? [] }

  static func open(_ file: PeekedFile) throws -> Opened {
    .named(try SafetensorsInput(file.name))
  }
}
