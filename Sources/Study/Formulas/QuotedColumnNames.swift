/// Texts with column names between backquotes, where signs are part of the name.
public enum QuotedColumnNames {
  /// The parts between commas outside backquotes, without spaces at their ends; empty ones are left out.
  public static func list(_ text: String) -> [String] {
    var parts: [String] = []
    var rest = text[...]
    while let comma = firstSign(in: rest, among: ",") {
      parts.append(rest[..<comma].trimmingSpaces)
      rest = rest[rest.index(after: comma)...]
    }
    return (parts + [rest.trimmingSpaces]).filter { !$0.isEmpty }
  }

  /// The position of the first of some signs outside backquotes.
  static func firstSign(in text: Substring, among signs: String) -> Substring.Index? {
    var isQuoted = false
    return text.indices.first { index in
      if text[index] == "`" { isQuoted.toggle() }
      return !isQuoted && signs.contains(text[index])
    }
  }

  /// A name without the backquotes around it.
  static func name(_ text: String) -> String {
    text.count > 2 && text.first == "`" && text.last == "`" ? String(text.dropFirst().dropLast()) : text
  }
}
