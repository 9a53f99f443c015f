import Support

extension GraphPicture {
  /// A Mermaid flowchart: boxes for stages, slanted boxes for files.
  var mermaid: String {
    let lines = lines(
      box: { "([\"\($0.label.map(Self.escaped).joined(separator: "<br>"))\"])" },
      file: { "[\"\(Self.escaped($0))\"]" },
      link: { from, to, option in "  \(from) -->\(option.map { "|\"\(Self.escaped($0))\"|" } ?? "") \(to)" })
    return (["flowchart LR"] + lines).joined(separator: "\n") + "\n"
  }

  /// Escapes a quoted Mermaid label. Letters, digits and the usual characters of file names stay; everything else
  /// becomes its code point, except what ``VisibleText`` escapes. Quotes end a label, and backticks, angle brackets and `#` are markup.
  static func escaped(_ text: String) -> String {
    VisibleText.line(text).unicodeScalars.map { scalar in
      scalar.properties.isAlphabetic || "0123456789 /._-+=,:()…×".unicodeScalars.contains(scalar)
        ? String(Character(scalar)) : "#\(scalar.value);"
    }.joined()
  }
}
