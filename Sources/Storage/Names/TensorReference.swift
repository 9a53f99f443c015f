import Support

/// Names one array in a file: `model.safetensors#lm_head.weight`, `file.h5#dataset`, or `file.npy`.
///
/// A file may have a `#` in its path. The longest part before a `#`, or the whole, that is a file (or a glob that
/// matches one) is the file. If there is none, a `#` in the name of an existing folder belongs to the path, and the next
/// one ends it.
package struct TensorReference: Sendable, Equatable, CustomStringConvertible {
  package let file: String
  /// The tensor or dataset, if named.
  package let tensor: String?

  package init(_ text: String) {
    let marks = text.utf8.indices.filter { text.utf8[$0] == UInt8(ascii: "#") }
    let file =
      marks.isEmpty || Self.isFile(text)
      ? text[...]
      : (marks.last { Self.isFile(String(text[..<$0])) } ?? marks.first { !Self.isInFolder($0, text) })
        .map { text[..<$0] } ?? text[...]
    self.file = String(file)
    let tensor = text[file.endIndex...].dropFirst()
    self.tensor = tensor.isEmpty ? nil : String(tensor)
  }

  private static func isFile(_ path: String) -> Bool {
    if let kind = Files.kind(of: path) { return kind != S_IFDIR }
    guard NamePattern.isPattern(path) else { return false }
    do {
      return try !InputFiles.expand([path]).isEmpty
    } catch {
      // Whatever keeps a folder from being listed is reported when the file is opened.
      return (error as? StreamError)?.kind != .missing
    }
  }

  /// Whether the character at `mark` is in the name of an existing folder.
  private static func isInFolder(_ mark: String.Index, _ text: String) -> Bool {
    guard let end = text.utf8[mark...].firstIndex(of: UInt8(ascii: "/")) else { return false }
    return Files.isFolder(String(text[..<end]))
  }

  package var description: String { tensor.map { "\(file)#\($0)" } ?? file }
}
