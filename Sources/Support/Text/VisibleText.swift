/// Texts for people that may hold anything: names of files, cells of tables, tokens, what another program said.
///
/// Escapes what a terminal or a browser would obey instead of show, as the shell writes it in `$'…'`:
/// - control characters and line separators: `\n`, `\t`, `\x1B`, `\u0085`, `\u2028`,
/// - characters that change the order of those after them: `\u202E`,
/// - bytes that are not UTF-8 (``FileName``): `\xE9`.
///
/// Everything else stays, among it U+200C and U+200D, which some scripts need. So does a backslash: an escaped text is
/// not escaped again. Data for programs is never escaped like this.
package enum VisibleText {
  /// The text in one line.
  package static func line(_ text: String) -> String { escaped(text, keeping: []) }

  /// The text with its line feeds and tabs, for texts whose lines are ours.
  package static func lines(_ text: String) -> String { escaped(text, keeping: ["\n", "\t"]) }

  /// Whether a character is obeyed rather than shown.
  package static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x61C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
  }

  /// JSON text whose strings have `\u202E` for each hidden character. Outside strings, JSON has only line feeds and tabs.
  package static func json(_ text: String) -> String {
    guard mayHide(text) else { return text }
    return text.unicodeScalars.reduce(into: "") { visible, scalar in
      let isPlain = scalar.value < 0x20 || !isHidden(scalar)
      visible.unicodeScalars.append(contentsOf: isPlain ? [scalar] : Array(code(scalar).unicodeScalars))
    }
  }

  /// `\u202E`.
  package static func code(_ scalar: Unicode.Scalar) -> String { "\\u" + digits(scalar.value, 4) }

  private static func escaped(_ text: String, keeping kept: Set<Unicode.Scalar>) -> String {
    guard mayHide(text) else { return text }
    return FileName.readable(text).unicodeScalars.reduce(into: "") { visible, scalar in
      guard isHidden(scalar), !kept.contains(scalar) else { return visible.unicodeScalars.append(scalar) }
      switch scalar {
      case "\n": visible += "\\n"
      case "\r": visible += "\\r"
      case "\t": visible += "\\t"
      default: visible += scalar.isASCII ? "\\x" + digits(scalar.value, 2) : code(scalar)
      }
    }
  }

  /// Whether a text has a byte that occurs in UTF-8 of a hidden character, or of one that stands for a byte.
  private static func mayHide(_ text: String) -> Bool {
    text.utf8.contains { $0 < 0x20 || $0 == 0x7F || $0 == 0xC2 || $0 == 0xD8 || $0 == 0xE2 || $0 == 0xF4 }
  }

  private static func digits(_ number: UInt32, _ count: Int) -> String {
    let digits = String(number, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, count - digits.count)) + digits
  }
}
