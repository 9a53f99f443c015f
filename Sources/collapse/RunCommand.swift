import ArgumentParser
import Embeddings
import Pipeline

struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run a pipeline file.",
    discussion: """
      Measurements are printed when the pipeline is done; the parameter `out` is the folder for every artefact that a \
      stage does not place itself.

      EXAMPLE
        collapse run Pipelines/quickstart.yaml --set out=/scratch/me/quickstart

      STAGE KINDS
      \(StageKinds.help)
      """)

  @Argument(help: "The pipeline file.")
  var pipeline: String

  @Option(name: .customLong("set"), help: ArgumentHelp("Override a parameter.", valueName: "key=value"))
  var settings: [String] = []

  @Option(help: "Run this stage and those after it; what they need of earlier ones must be there.")
  var from: String?

  @Flag(help: "Say what would run, why, with how much memory, and what it would write; run nothing.")
  var dryRun = false

  @Flag(help: "Run the programs that the file names as sources (command), as this user: look at them first.")
  var allowCommands = false

  @OptionGroup var restart: RestartOption

  @OptionGroup var format: FormatOption

  @OptionGroup(title: "Among others") var process: ProcessOptionGroup

  func run() async throws {
    let options = try process.apply()
    let graph = try PipelineGraph(file: pipeline, settings: settings)
    let run = try PipelineRun(
      graph, from: from, reuse: restart.restart ? .restart : .unchanged, requests: Interruption.requests,
      log: ConsoleLog.logger, options: options)
    if !dryRun, !allowCommands { try graph.refuseCommands() }
    if dryRun {
      try Results.print(try await run.dryRun())
      return
    }
    let results = try await run.run()
    guard results.count > 1 else {
      if let only = results.first { try format.print(table: only.table, json: only.measures) }
      return
    }
    try format.print(
      table: results.map { "\($0.stage)\n\($0.table)" }.joined(separator: "\n"),
      json: .object(results.map { .init($0.stage, $0.measures) }))
  }
}

struct ValidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: "Check a pipeline file and name every mistake by line.",
    discussion: """
      EXAMPLE
        collapse validate Pipelines/quickstart.yaml
      """)

  @Argument(help: "The pipeline file.")
  var pipeline: String

  @Option(name: .customLong("set"), help: ArgumentHelp("Override a parameter.", valueName: "key=value"))
  var settings: [String] = []

  func run() throws {
    let graph = try PipelineGraph(file: pipeline, settings: settings)
    for command in graph.commands {
      ConsoleLog.logger.notice(
        "\(command.place): runs a program, for which run needs --allow-commands: \(command.value)")
    }
    try Results.print("\(pipeline): \(graph.stages.count) stages, no problems\n")
  }
}
