import Storage
import Support

/// Classes of token ids, from a text file. Each line has a token id and its class id, separated by a comma, a tab or
/// spaces.
///
/// Comments start with `#`. Lines without ids and a first line of column names are allowed. A token may appear in
/// several lines if they agree.
package struct ClassMap: Sendable, Equatable {
  package let classes: [Int32: Int32]

  /// Maximum file size in bytes, enough to map every token id of a vocabulary of millions.
  static let largest = 128 << 20

  /// Reads a map. Throws ``StreamError`` that names an invalid line.
  package init(_ name: String) throws {
    let bytes = try WholeFile.bytes(name, limit: Self.largest, kind: "a map from token ids to classes")
    var classes: [Int32: Int32] = [:]
    var hasHeader = false
    try Lines.forEach(in: bytes[...]) { number, line in
      let text = String(decoding: line.prefix { $0 != UInt8(ascii: "#") }, as: UTF8.self)
      let words = text.split { $0 == "," || $0.isWhitespace }
      if words.isEmpty { return }
      let ids = words.map { Int32($0) }
      if classes.isEmpty, !hasHeader, ids.allSatisfy({ $0 == nil }) {
        hasHeader = true
        return
      }
      func wrong(_ expected: String) -> StreamError {
        StreamError(
          .badLabel, file: name, position: "line \(number)", expected: expected, found: "“\(text.prefix(60))”",
          advice: "write a token id and its class id on each line; comments start with #")
      }
      guard ids.count == 2, let token = ids[0], let label = ids[1], token >= 0, (0..<Int32.max).contains(label) else {
        throw wrong("a token id and a class, both at least 0 and below \(Int32.max)")
      }
      if let other = classes.updateValue(label, forKey: token), other != label {
        throw wrong("one class for token \(token), which already has class \(other)")
      }
    }
    guard !classes.isEmpty else {
      throw StreamError(
        .empty, file: name, expected: "at least one token id and its class", found: "none",
        advice: "write a token id and its class id on each line")
    }
    self.classes = classes
  }
}
