import Storage
import Support

/// Token ids listed in a text file, one per line. Comments start with `#`. Lines without an id, repeated ids and a byte
/// order mark are allowed.
package struct TokenList: Sendable, Equatable {
  package let tokens: Set<Int32>

  /// Maximum file size in bytes, enough to list every token id of a vocabulary of millions.
  static let largest = 64 << 20

  /// Reads a list. Throws ``StreamError`` that names an invalid line.
  package init(_ name: String) throws {
    let bytes = try WholeFile.bytes(name, limit: Self.largest, kind: "a list of token ids")
    var tokens: Set<Int32> = []
    try Lines.forEach(in: bytes.dropFirst(ByteOrderMark.length(in: bytes))) { number, line in
      let text = String(decoding: line.prefix { $0 != UInt8(ascii: "#") }, as: UTF8.self)
      let words = text.split(whereSeparator: \.isWhitespace)
      guard let word = words.first else { return }
      guard words.count == 1, let token = Int32(word), token >= 0 else {
        throw StreamError(
          .badLabel, file: name, position: "line \(number)", expected: "a token id from 0 to \(Int32.max)",
          found: "“\(words.joined(separator: " ").prefix(60))”",
          advice: "write one token id per line; comments start with #")
      }
      tokens.insert(token)
    }
    self.tokens = tokens
  }

  /// Identity of the ids, whatever their order and comments.
  package var checksum: String {
    let checksum = Checksum()
    checksum.update(tokens.sorted().map(\.littleEndian))
    return checksum.value
  }
}
