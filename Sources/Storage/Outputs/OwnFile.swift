import Support
import SystemPackage

/// A kind of file that this program writes, and how it knows its own. Each kind of output declares one, beside the code
/// that writes it; ``OutputRules`` asks them.
package struct OwnFile: Sendable {
  /// Whether the program wrote a file of this kind, by its content or by a record.
  package let recognizes: @Sendable (ExistingFile) -> Bool

  package init(_ recognizes: @escaping @Sendable (ExistingFile) -> Bool) { self.recognizes = recognizes }

  /// A CSV file whose first line lists columns that `fits` accepts.
  package static func csv(_ fits: @escaping @Sendable (_ columns: [Substring]) -> Bool) -> OwnFile {
    OwnFile { file in
      guard let line = file.firstLine, line.contains(",") else { return false }
      return fits(line.split(separator: ",", omittingEmptySubsequences: false))
    }
  }

  /// A JSON document that `fits` accepts.
  package static func json(_ fits: @escaping @Sendable (JSONValue) -> Bool) -> OwnFile {
    OwnFile { $0.json.map(fits) ?? false }
  }

  /// A file that starts with this text.
  package static func text(_ start: String) -> OwnFile { OwnFile { $0.start.starts(with: start.utf8) } }
}

/// A file in the place of an output.
package final class ExistingFile {
  /// Its path, with links resolved.
  package let path: String
  package let size: Int
  /// Its first bytes; empty if it cannot be read.
  package let start: [UInt8]

  /// Longest start that is read: the header of any table.
  private static let longestStart = 1 << 16
  /// No JSON document or text of ours that must be read whole is larger, in bytes.
  private static let largest = 64 << 20

  init(_ path: String, size: Int) {
    (self.path, self.size) = (path, size)
    start = Self.start(of: path)
  }

  private static func start(of path: String) -> [UInt8] {
    guard
      let file = try? FileDescriptor.open(FilePath(named: path), .readOnly, options: [.nonBlocking, .closeOnExec])
    else { return [] }
    var bytes = [UInt8](repeating: 0, count: longestStart)
    let count = try? file.closeAfter { try bytes.withUnsafeMutableBytes { try file.fill($0, at: 0) } }
    return Array(bytes.prefix(count ?? 0))
  }

  /// The first line, without its end; nil if it is not UTF-8, or longer than any header.
  package private(set) lazy var firstLine: String? = start.firstIndex(of: UInt8(ascii: "\n")).flatMap {
    String(validating: start[..<$0], as: UTF8.self)
  }

  /// The document in the file; nil if it is not JSON.
  package private(set) lazy var json: JSONValue? = {
    guard start.first(where: { !" \t\r\n".utf8.contains($0) }) == UInt8(ascii: "{") else { return nil }
    return contents.flatMap { try? JSONValue(parsing: $0, .withNonfinite) }
  }()

  /// All bytes; nil if they are more than any document of ours has.
  package private(set) lazy var contents: [UInt8]? =
    size <= start.count ? start : size <= Self.largest ? (try? Files.contents(of: path)).map(Array.init) : nil

  /// What it looks like, for messages.
  var looks: String {
    guard !start.isEmpty else { return "a file that cannot be read" }
    if let format = ForeignFormat.of(start) { return format.name }
    if let known = Self.signatures.first(where: { start.starts(with: $0.magic) }) { return known.name }
    let line = String(decoding: start.prefix(160), as: UTF8.self).split(whereSeparator: \.isNewline).first ?? ""
    let isText = line.unicodeScalars.dropLast().allSatisfy {
      $0 == "\t" || $0.value >= 0x20 && ![0x7F, 0xFFFD].contains($0.value)
    }
    return isText
      ? "text that starts with “\(line.prefix(40))”" : "data that starts with \(hexadecimal(start.prefix(6)))"
  }

  private static let signatures: [(name: String, magic: [UInt8])] = [
    ("an HDF5 file", [0x89] + Array("HDF\r\n".utf8)), ("an NPY file", [0x93] + Array("NUMPY".utf8)),
    ("a Zstandard file", [0x28, 0xB5, 0x2F, 0xFD]), ("a program", [0x7F] + Array("ELF".utf8)),
    ("an image", [0x89] + Array("PNG".utf8)), ("a PDF", Array("%PDF".utf8)),
  ]
}
