import Support

/// The options of a stage as written, in a pipeline file or on the command line, and the problems found in them.
package struct OptionDecoder {
  package let stage: StageDescription
  package private(set) var problems: [Problem] = []

  /// Checks that every option is known, that single options are given once, and that required options are present.
  package init(_ stage: StageDescription, _ specs: [OptionSpec], beside others: [String] = []) {
    self.stage = stage
    let names = specs.map(\.name)
    for (name, option) in stage.options.sorted(by: { $0.key < $1.key }) {
      guard let spec = specs.first(where: { $0.name == name }) else {
        problems.append(
          option.place, "unknown option “\(name)” of \(stage.kind.value)",
          advice: Spelling.advice(for: name, among: option.place.isOnCommandLine ? names : names + others))
        continue
      }
      if !spec.isList && option.isWhole && option.values.count != 1 {
        problems.append(option.place, "expected one value for \(name)", advice: "give \(name) a single value")
      }
    }
    for spec in specs where spec.isRequired {
      let option = stage.options[spec.name]
      guard option.map({ $0.isWhole && $0.values.isEmpty }) ?? true else { continue }
      problems.append(
        option?.place ?? stage.kind.place, "stage “\(stage.written)” needs \(spec.name)",
        advice: "add \(spec.name): \(spec.help)")
    }
  }

  package mutating func addProblem(_ place: SourcePosition, _ message: String, advice: String) {
    problems.append(place, message, advice: advice)
  }

  /// Reports a text that the option does not accept.
  package mutating func refuse(
    _ text: Located<String>, _ spec: OptionSpec, expected: String, example: String, more: String = ""
  ) {
    addProblem(
      text.place, "expected \(expected) for \(spec.name), found “\(text.value)”",
      advice: "write, for example, \(text.place.example(spec.name, example))\(more)")
  }

  /// Reports a text that is not a number with a unit.
  package mutating func refuse(_ text: Located<String>, _ spec: OptionSpec, expected: String, unitFor example: String) {
    addProblem(
      text.place, "expected \(expected) for \(spec.name), found “\(text.value)”",
      advice: "write a number and a unit, for example \(text.place.example(spec.name, example))")
  }

  package func list(_ name: String) -> [Located<String>] { stage.options[name]?.values ?? [] }

  package func located(_ name: String) -> Located<String>? { list(name).first }
}
