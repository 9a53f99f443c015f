/// A text of a pipeline file that a shell, or another program, runs or interprets as a command.
package struct PipelineCommand: Sendable, Hashable {
  /// Who runs a command.
  package enum Runner: Sendable {
    /// Any run of the pipeline.
    case run
    /// Only the jobs of a cluster.
    case jobs
  }

  /// The key it is written under.
  let key: String
  let text: Located<String>
  /// What it does, after the key: “runs a program”.
  let effect: String
  package let runner: Runner

  package init(_ key: String, _ text: Located<String>, effect: String, runner: Runner) {
    (self.key, self.text, self.effect, self.runner) = (key, text, effect, runner)
  }

  package var place: SourcePosition { text.place }

  /// What it does, and its whole text.
  package var words: String { "\(key) \(effect): \(text.value)" }
}

extension PipelineGraph {
  /// Every command of the pipeline, as it would run, in file order.
  ///
  /// - Parameter runners: those whose commands are wanted.
  package func commands(of runners: [PipelineCommand.Runner] = [.run, .jobs]) -> [PipelineCommand] {
    let programs = stages.compactMap(\.kind.command).map {
      PipelineCommand("command", $0, effect: "runs a program", runner: .run)
    }
    let ofSections = stages.flatMap { stage in
      stage.sections.sorted { $0.key < $1.key }.flatMap(\.value.commands)
    }
    return (programs + ofSections).distinct().filter { runners.contains($0.runner) }
      .sorted { $0.place.precedes($1.place) }
  }

  /// Refuses commands, because a pipeline file may come from anywhere. Throws a ``PipelineError`` that shows all of
  /// them, however many there are.
  package static func refuse(_ commands: [PipelineCommand]) throws {
    guard let last = commands.last else { return }
    let advice = "if all of this is what you want, give collapse run --allow-commands"
    throw PipelineError(
      commands.dropLast().map { Problem($0.place, $0.words, advice: "") } + [
        Problem(last.place, last.words, advice: advice)
      ], shown: .all)
  }
}
