/// Characters U+0000, which end a text where it becomes the name of a file or an argument of a program.
extension PipelineDescription {
  /// A problem for each name or value with one.
  var zeroCharacters: [Problem] {
    var found: [Problem] = []
    func check(_ text: String, _ what: String, _ place: SourcePosition) {
      guard text.utf8.contains(0) else { return }
      found.append(
        place, "expected \(what) without the character U+0000, found “\(text)”", advice: "remove it: it ends a name")
    }
    func check(_ options: [String: StageDescription.Option]) {
      for (name, option) in options {
        check(name, "an option", option.place)
        for value in option.values { check(value.value, "a value of \(name)", value.place) }
      }
    }
    check(name, "a name of the pipeline", place)
    for (name, value) in parameters {
      check(name, "a parameter", value.place)
      check(value.value, "a value of \(name)", value.place)
    }
    for section in sections.values { check(section) }
    for stage in stages {
      for text in [stage.name, stage.written, stage.kind.value] + stage.values.flatMap({ [$0.name, $0.value] }) {
        check(text, "the name of a stage", stage.kind.place)
      }
      if let shard = stage.shard { check(shard.stage + shard.written + shard.part, "a shard", stage.kind.place) }
      check(stage.options)
      for section in stage.sections.values { check(section) }
    }
    return found.sorted { $0.place.precedes($1.place) }
  }
}
