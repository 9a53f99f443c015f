/// A file that a stage may write beside its artefact, for other stages to find by name.
package struct SideOutput: Sendable {
  package let name: String
  /// The option that requests it, such as `measure-every: 1e6`.
  package let request: String

  package init(_ name: String, request: String) {
    (self.name, self.request) = (name, request)
  }
}

/// A side output that a stage takes from another, unless the user names a file with the option of the same name.
package struct SideInput: Sendable {
  package let name: String
  /// The option that refers to the stage that writes it.
  package let option: String
  /// Where to look for it if the option names a file instead of a stage; nil if it has no fixed place.
  package let beside: (@Sendable (_ file: String) -> String)?

  package init(_ name: String, of option: String, beside: (@Sendable (_ file: String) -> String)? = nil) {
    (self.name, self.option, self.beside) = (name, option, beside)
  }

  /// Whether the option serves only to find the side output, so that referring to a stage without one is a mistake.
  var isAllThatIsTaken: Bool { name == option }
}

extension PipelineGraph {
  /// The side output files that a stage takes, by name, in the order its kind lists them.
  ///
  /// - Parameter artefact: the file of a stage's artefact.
  package func sideInputs(of number: Int, _ artefact: (Int) -> String) -> [(name: String, file: String)] {
    let (stage, options) = (stages[number], description.stages[number].options)
    return type(of: stage.kind).sideInputs.compactMap { input in
      let sources = stage.sources[input.option] ?? []
      guard let source = sources.first, input.isAllThatIsTaken || sources.count == 1 && options[input.name] == nil
      else {
        return nil
      }
      let file =
        switch source {
        case .file(let file): input.beside?(file)
        case .stage(let maker): stages[maker].kind.sideOutput(input.name, beside: artefact(maker))
        }
      return file.map { (input.name, $0) }
    }
  }
}

extension GraphCheck {
  /// Checks that a stage referred to only for a side output writes it.
  mutating func sideInputs(_ stages: [PipelineGraph.Stage?]) {
    for (number, stage) in stages.enumerated() {
      guard let stage else { continue }
      for input in type(of: stage.kind).sideInputs where input.isAllThatIsTaken {
        for case .stage(let maker) in stage.sources[input.option] ?? [] {
          guard let made = stages[maker], made.kind.sideOutput(input.name, beside: "") == nil,
            let option = description.stages[number].options[input.option]
          else { continue }
          let request = type(of: made.kind).sideOutputs.first { $0.name == input.name }?.request
          addProblem(
            option.values.first?.place ?? option.place,
            "expected a stage that writes a \(input.name), but “\(made.written)” writes none",
            advice: (request.map { "add \($0) to “\(made.written)”, or " } ?? "") + "omit \(input.name)")
        }
      }
    }
  }
}
