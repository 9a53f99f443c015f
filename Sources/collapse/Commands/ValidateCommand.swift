import ArgumentParser
import Plan
import Slurm
import Storage
import Support

struct ValidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: "Check a pipeline file and list every mistake by line.",
    discussion: """
      EXAMPLE
        collapse validate Pipelines/quickstart.yaml
      """)

  @Argument(help: "The pipeline file.", completion: .file(), transform: HomeFolder.expand)
  var pipeline: String

  @Option(name: .customLong("set"), help: ArgumentHelp("Override a parameter.", valueName: "key=value"))
  var settings: [String] = []

  func run() throws {
    let graph = try PipelineGraph(file: pipeline, settings: settings, in: standardRegistry)
    for command in graph.commands() {
      let option = command.runner == .jobs ? "--allow-commands with --executor slurm" : "--allow-commands"
      ConsoleLog.logger.notice("\(command.place): run needs \(option), because \(command.words)")
    }
    ConsoleLog.noteOutputsElsewhere(graph)
    try Results.print("\(VisibleText.line(pipeline)): \(graph.stages.count) stages, no problems\n")
  }
}
