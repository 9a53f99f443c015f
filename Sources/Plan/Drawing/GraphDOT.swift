import Support

extension GraphPicture {
  /// For Graphviz: boxes for stages, notes for files.
  var dot: String {
    let lines = lines(
      box: { " [label=\(Self.quoted($0.label.map(VisibleText.line).joined(separator: "\n"))), style=rounded];" },
      file: { " [label=\(Self.quoted(VisibleText.line($0))), shape=note];" },
      link: { from, to, option in
        "  \(from) -> \(to)\(option.map { " [label=\(Self.quoted($0))]" } ?? "");"
      })
    let head = ["digraph \(Self.quoted(VisibleText.line(name))) {", "  rankdir=LR;", "  node [shape=box];"]
    return (head + lines + ["}", ""]).joined(separator: "\n")
  }

  /// A quoted DOT string. In DOT labels a backslash starts an escape.
  static func quoted(_ text: String) -> String {
    let escaped = text.unicodeScalars.map { scalar in
      switch scalar {
      case "\"": "\\\""
      case "\\": "\\\\"
      case "\n": "\\n"
      default: String(Character(scalar))
      }
    }
    return "\"\(escaped.joined())\""
  }
}
