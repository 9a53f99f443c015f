extension GraphPicture {
  /// A Mermaid flowchart: boxes for stages, slanted boxes for files.
  var mermaid: String {
    let lines = lines(
      box: { "([\"\($0.label.map(Self.escaped).joined(separator: "<br>"))\"])" },
      file: { "[\"\(Self.escaped($0))\"]" },
      link: { from, to, option in "  \(from) -->\(option.map { "|\"\(Self.escaped($0))\"|" } ?? "") \(to)" })
    return (["flowchart LR"] + lines).joined(separator: "\n") + "\n"
  }

  /// A text within quotes, where letters, digits and the marks of file names stand for themselves and anything else is
  /// written by its code point: quotes end a label, and backticks, angle brackets, `#` and others are markup.
  static func escaped(_ text: String) -> String {
    text.unicodeScalars.map { scalar in
      scalar.properties.isAlphabetic || "0123456789 /._-+=,:()…×".unicodeScalars.contains(scalar)
        ? String(Character(scalar)) : "#\(scalar.value);"
    }.joined()
  }
}
