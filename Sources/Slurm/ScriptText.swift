/// Quotes texts for the script of a job. Works on scalars: a quote before a combining mark is part of another character,
/// and still a quote to the shell.
enum ScriptText {
  /// One word for the shell, in which nothing is expanded.
  static func word(_ text: String) -> String {
    "'" + replacing(text) { $0 == "'" ? "'\\''" : nil } + "'"
  }

  /// One word of an `#SBATCH` line. A blank ends a word even after a backslash, but not within quotes. There a backslash
  /// escapes a quote or itself.
  static func option(_ text: String) -> String {
    let isPlain = text.unicodeScalars.allSatisfy { isLetterOrDigit($0) || "/._-+=,:@%".unicodeScalars.contains($0) }
    guard !isPlain else { return text }
    return "\"" + replacing(text) { $0 == "\"" || $0 == "\\" ? "\\\($0)" : nil } + "\""
  }

  /// The pattern of a file name for sbatch that stands for `text` alone.
  static func pattern(_ text: String) -> String { replacing(text) { $0 == "%" ? "%%" : nil } }

  /// A text with `_` for all but the plainest characters.
  static func plain(_ text: String) -> String {
    replacing(text) { isLetterOrDigit($0) || "._-".unicodeScalars.contains($0) ? nil : "_" }
  }

  /// Whether a text is one line without control characters.
  static func isOneLine(_ text: String) -> Bool {
    !text.contains(where: \.isNewline)
      && text.unicodeScalars.allSatisfy { $0 == "\t" || $0.properties.generalCategory != .control }
  }

  private static func isLetterOrDigit(_ scalar: Unicode.Scalar) -> Bool {
    scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
  }

  private static func replacing(_ text: String, _ other: (Unicode.Scalar) -> String?) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if let other = other(scalar) { result.append(contentsOf: other.unicodeScalars) } else { result.append(scalar) }
    }
    return String(result)
  }
}

/// A folder on a node. The node's shell expands some variables in its name, and nothing else.
struct NodeFolder: Equatable {
  /// The variables that may be part of the name.
  static let variables = ["TMPDIR", "SLURM_TMPDIR", "SCRATCH", "USER", "SLURM_JOB_ID"]

  private enum Part: Equatable {
    case text(String)
    case variable(String)
  }

  private var parts: [Part] = []

  /// A folder as written: `$TMPDIR/x` or `${TMPDIR}/x`. Throws ``NotAVariable`` for any other use of `$`.
  init(_ text: String) throws {
    var (rest, plain) = (text.unicodeScalars[...], String.UnicodeScalarView())
    while let scalar = rest.popFirst() {
      guard scalar == "$" else {
        plain.append(scalar)
        continue
      }
      let isBraced = rest.first == "{"
      let inner = isBraced ? rest.dropFirst() : rest
      let name = String(inner.prefix(while: Self.isOfName))
      let after = inner.dropFirst(name.unicodeScalars.count)
      guard Self.variables.contains(name), !isBraced || after.first == "}" else {
        throw NotAVariable(text: "$" + String(rest.prefix(20)))
      }
      rest = isBraced ? after.dropFirst() : after
      parts += [.text(String(plain)), .variable(name)]
      plain = String.UnicodeScalarView()
    }
    parts.append(.text(String(plain)))
    parts.removeAll { $0 == .text("") }
  }

  /// A `$` that begins none of the variables.
  struct NotAVariable: Error {
    let text: String
  }

  /// One word for the shell. A variable without a value is an error there, since the name would be another folder's.
  var word: String {
    parts.map { part in
      switch part {
      case .text(let text): ScriptText.word(text)
      case .variable(let name): "\"${\(name):?}\""
      }
    }.joined()
  }

  private static func isOfName(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "_" || scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
  }
}
