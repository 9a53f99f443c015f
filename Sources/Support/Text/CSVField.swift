/// Writes CSV fields.
package enum CSVField {
  /// `text` as a field by RFC 4180.
  ///
  /// It is quoted, with quotes doubled, if it contains a comma, tab, quote or line break. It is also quoted if it is empty
  /// or has leading or trailing spaces, which readers might drop.
  package static func text(_ text: String) -> String {
    let scalars = text.unicodeScalars
    let isPlain = scalars.allSatisfy { !",\t\"\r\n".unicodeScalars.contains($0) }
    guard !isPlain || scalars.isEmpty || scalars.first == " " || scalars.last == " " else { return text }
    // Scalars, not characters: a quote before a combining mark is still a quote.
    var quoted = "\"".unicodeScalars
    for scalar in scalars { quoted.append(contentsOf: scalar == "\"" ? [scalar, scalar] : [scalar]) }
    quoted.append("\"")
    return String(quoted)
  }
}
