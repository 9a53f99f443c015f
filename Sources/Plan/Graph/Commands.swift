extension PipelineGraph {
  /// Programs that stages would run as stream sources.
  package var commands: [Located<String>] { stages.compactMap(\.kind.command) }

  /// Refuses to run programs named in a pipeline file, because a file may come from anywhere. Throws ``PipelineError``.
  package func refuseCommands() throws {
    guard !commands.isEmpty else { return }
    throw PipelineError(
      commands.map {
        Problem(
          $0.place, "this file runs a program: \($0.value)",
          advice: "if that is what you want, give collapse run --allow-commands")
      })
  }
}
