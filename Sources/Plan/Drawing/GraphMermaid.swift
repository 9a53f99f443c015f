extension GraphPicture {
  /// A Mermaid flowchart: boxes for stages, slanted boxes for files.
  var mermaid: String {
    var lines = ["flowchart LR"]
    for (number, box) in boxes.enumerated() {
      let label = [box.name, box.kind, box.repetition].filter { !$0.isEmpty }.map(Self.escaped)
      lines.append("  stage\(number)([\"\(label.joined(separator: "<br>"))\"])")
    }
    for (number, file) in files.enumerated() { lines.append("  file\(number)[\"\(Self.escaped(file))\"]") }
    for (number, box) in boxes.enumerated() {
      lines += box.arrows.map { "  stage\($0.from) -->|\"\(Self.escaped($0.option))\"| stage\(number)" }
      lines += fileNumbers(box.fewReads).map { "  file\($0) --> stage\(number)" }
      lines += fileNumbers(box.fewWrites).map { "  stage\(number) --> file\($0)" }
    }
    return lines.joined(separator: "\n") + "\n"
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
