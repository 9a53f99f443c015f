/// Fields of comma-separated lines.
public enum CSVField {
  /// A text as RFC 4180 has it: in quotes, quotes doubled, where it holds a comma, a quote or a line's end; and where it is
  /// empty or has spaces at an end, which readers might drop.
  public static func text(_ text: String) -> String {
    let scalars = text.unicodeScalars
    let isPlain = scalars.allSatisfy { !",\"\r\n".unicodeScalars.contains($0) }
    guard !isPlain || scalars.isEmpty || scalars.first == " " || scalars.last == " " else { return text }
    // Scalars, not characters: a quote before a combining mark is a quote.
    var quoted = "\"".unicodeScalars
    for scalar in scalars { quoted.append(contentsOf: scalar == "\"" ? [scalar, scalar] : [scalar]) }
    quoted.append("\"")
    return String(quoted)
  }
}
