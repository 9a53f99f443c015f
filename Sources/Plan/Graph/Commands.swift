extension PipelineGraph {
  /// The programs that stages would run as sources of streams.
  public var commands: [Located<String>] { stages.compactMap(\.kind.command) }

  /// Refuses programs that a pipeline file names: a file may come from anywhere. Throws ``PipelineError``.
  public func refuseCommands() throws {
    guard !commands.isEmpty else { return }
    throw PipelineError(
      commands.map {
        Problem(
          $0.place, "this file runs a program: \($0.value)",
          advice: "if that is what you want, give collapse run --allow-commands")
      })
  }
}
