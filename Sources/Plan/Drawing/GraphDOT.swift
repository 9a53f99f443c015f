extension GraphPicture {
  /// For Graphviz: boxes for stages, notes for files.
  var dot: String {
    var lines = ["digraph \(Self.quoted(name)) {", "  rankdir=LR;", "  node [shape=box];"]
    for (number, box) in boxes.enumerated() {
      let label = [box.name, box.kind, box.repetition].filter { !$0.isEmpty }
      lines.append("  stage\(number) [label=\(Self.quoted(label.joined(separator: "\n"))), style=rounded];")
    }
    for (number, file) in files.enumerated() {
      lines.append("  file\(number) [label=\(Self.quoted(file)), shape=note];")
    }
    for (number, box) in boxes.enumerated() {
      lines += box.arrows.map { "  stage\($0.from) -> stage\(number) [label=\(Self.quoted($0.option))];" }
      lines += fileNumbers(box.fewReads).map { "  file\($0) -> stage\(number);" }
      lines += fileNumbers(box.fewWrites).map { "  stage\(number) -> file\($0);" }
    }
    return (lines + ["}", ""]).joined(separator: "\n")
  }

  /// Every file that is drawn, once.
  var files: [String] { Self.distinct(boxes.flatMap { $0.fewReads + $0.fewWrites }) }

  func fileNumbers(_ names: [String]) -> [Int] {
    let numbers = Dictionary(uniqueKeysWithValues: files.enumerated().map { ($1, $0) })
    return names.compactMap { numbers[$0] }
  }

  /// A quoted string of the DOT language, in whose labels a backslash starts an escape.
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
