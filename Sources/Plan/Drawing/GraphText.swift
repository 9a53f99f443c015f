import Support

extension GraphPicture {
  /// For a terminal: every stage after those it refers to. Under each stage, what it takes (by option), reads and
  /// writes.
  var text: String {
    let sections = boxes.enumerated().map { number, box in
      let title = "\(number + 1). \(box.name) (\(box.kind))" + (box.repetition.isEmpty ? "" : ", \(box.repetition)")
      let taken = box.arrows.map(\.option).distinct().map { option in
        (option, box.arrows.filter { $0.option == option }.map { boxes[$0.from].name })
      }
      let lines = (taken + [("reads", box.fewReads), ("writes", box.fewWrites)]).flatMap { label, texts in
        texts.enumerated().map { ["    ", $0.offset == 0 ? label : "", $0.element] }
      }
      return ([VisibleText.line(title)] + (lines.isEmpty ? [] : [TextTable(lines, rightAligned: 0...0).text])).joined(
        separator: "\n")
    }
    return ([VisibleText.line(name)] + sections).joined(separator: "\n") + "\n"
  }
}
