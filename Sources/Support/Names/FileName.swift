/// The names of files as text.
///
/// The system allows any bytes in a name, but a `String` holds only valid UTF-8. Each byte that is not part of valid
/// UTF-8 becomes one scalar from U+10FE80 to U+10FEFF, which Unicode reserves for private use. So a name survives the
/// way through texts, JSON records and pipeline files unchanged. If a real name has such a scalar, its bytes are treated
/// as invalid too, so no two names become the same text.
package enum FileName {
  /// The scalar for byte 0; only bytes from 0x80 on occur.
  private static let first: UInt32 = 0x10_FE00

  /// The text for a name's bytes.
  package static func text(_ bytes: some Collection<UInt8>) -> String {
    if let text = String(validating: bytes, as: UTF8.self), !hasEscapes(text) { return text }
    var text = String.UnicodeScalarView()
    var rest = Array(bytes)[...]
    while !rest.isEmpty {
      let length = (1...4).first { String(validating: rest.prefix($0), as: UTF8.self) != nil } ?? 1
      let scalars = String(decoding: rest.prefix(length), as: UTF8.self).unicodeScalars
      let isPlain = String(validating: rest.prefix(length), as: UTF8.self) != nil && byte(scalars.first) == nil
      text.append(contentsOf: isPlain ? Array(scalars) : rest.prefix(length).compactMap(escape))
      rest = rest.dropFirst(length)
    }
    return String(text)
  }

  /// The text for a name that ends with a zero byte.
  package static func text(_ name: UnsafePointer<CChar>) -> String {
    text(UnsafeRawBufferPointer(start: name, count: strlen(name)))
  }

  /// The bytes of the name that `text` stands for.
  package static func bytes(_ text: String) -> [UInt8] {
    guard hasEscapes(text) else { return Array(text.utf8) }
    return text.unicodeScalars.flatMap { scalar in byte(scalar).map { [$0] } ?? Array(String(scalar).utf8) }
  }

  /// Whether a text has a zero byte in it, so that it is the name of nothing.
  package static func hasZero(_ text: String) -> Bool { text.utf8.contains(0) }

  /// Calls `body` with the bytes of the name, ended by a zero byte.
  ///
  /// A name with a zero byte in it would be cut there, and mean another file. It becomes the empty name, which every call
  /// refuses: there is no such file, and none can be made.
  package static func withBytes<Result>(
    of text: String, _ body: (UnsafePointer<CChar>) throws -> Result
  ) rethrows -> Result {
    guard !hasZero(text) else { return try "".withCString(body) }
    guard hasEscapes(text) else { return try text.withCString(body) }
    return try (bytes(text) + [0]).withUnsafeBytes { bytes in
      try bytes.withMemoryRebound(to: CChar.self) { characters in
        try characters.baseAddress.map(body) ?? text.withCString(body)
      }
    }
  }

  /// The text as people can read it, with `\xE9` for a byte that is not UTF-8, as `$'caf\xE9'` in the shell.
  package static func readable(_ text: String) -> String {
    guard hasEscapes(text) else { return text }
    return text.unicodeScalars.reduce(into: "") { readable, scalar in
      readable += byte(scalar).map { "\\x" + String($0, radix: 16, uppercase: true) } ?? String(scalar)
    }
  }

  /// Whether a text has scalars that stand for bytes. Only characters beyond the 16th plane start with 0xF4.
  private static func hasEscapes(_ text: String) -> Bool {
    text.utf8.contains(0xF4) && text.unicodeScalars.contains { byte($0) != nil }
  }

  private static func escape(_ byte: UInt8) -> Unicode.Scalar? { Unicode.Scalar(first + UInt32(byte)) }

  /// The byte that a scalar stands for, if it does.
  private static func byte(_ scalar: Unicode.Scalar?) -> UInt8? {
    guard let scalar, (first + 0x80...first + 0xFF).contains(scalar.value) else { return nil }
    return UInt8(scalar.value - first)
  }
}
