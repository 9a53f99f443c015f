import ArgumentParser
import Engine
import Logging
import Plan
import Slurm
import Stages
import Support

struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run a pipeline file.",
    discussion: """
      Measurements are printed when the pipeline is done; the parameter `out` is the folder for every artefact that a \
      stage does not place itself.

      With --executor slurm, stages become jobs, and shards of a stage and what a matrix repeats the tasks of an array. The \
      jobs are followed until they end; a second run finds them. What a job asks for is under slurm: in the file.

      EXAMPLE
        collapse run Pipelines/quickstart.yaml --set out=/scratch/me/quickstart
        collapse run Pipelines/quickstart.yaml --executor slurm --dry-run

      STAGE KINDS
      \(StageKinds.help)
      """)

  @Argument(help: "The pipeline file.")
  var pipeline: String

  @Option(name: .customLong("set"), help: ArgumentHelp("Override a parameter.", valueName: "key=value"))
  var settings: [String] = []

  @Option(help: "Run this stage and those after it; what they need of earlier ones must be there.")
  var from: String?

  @Option(help: "Run this stage alone (may be given again); what it needs of others must be there.")
  var only: [String] = []

  @Option(help: "Where stages run: local, in this process, or slurm, as jobs.")
  var executor = Executor.local

  @Option(help: "A folder for what finds no memory, of stages that name none; by default that of their outputs.")
  var scratch: String?

  @Flag(help: "With --executor slurm: return once the jobs are submitted.")
  var detach = false

  @Flag(
    help:
      "Say what would run, why, with how much memory, and what it would write, or with --executor slurm the scripts; run nothing."
  )
  var dryRun = false

  @Flag(help: "Run the programs that the file names as sources (command), as this user: look at them first.")
  var allowCommands = false

  @OptionGroup var restart: RestartOption

  @OptionGroup var format: FormatOption

  @OptionGroup var process: Options<ProcessOptions>

  enum Executor: String, ExpressibleByArgument, CaseIterable {
    case local, slurm
  }

  func validate() throws {
    if from != nil, !only.isEmpty { throw ValidationError("Give --from or --only, not both.") }
    if scratch?.isEmpty == true { throw ValidationError("--scratch needs the name of a folder.") }
    if executor == .slurm, scratch != nil {
      throw ValidationError("Each node has a scratch of its own: say which under slurm: in the file, scratch: $TMPDIR.")
    }
    if executor == .local, detach { throw ValidationError("--detach needs --executor slurm.") }
    if executor == .slurm, !only.isEmpty { throw ValidationError("--only is for runs in this process.") }
  }

  func run() async throws {
    do {
      try await runFile()
    } catch let error as any DiagnosedError {
      throw RewordedError(error) { $0.advice = Self.words.translate($0.advice) }
    }
  }

  /// Advice and log lines name keys of the file.
  private static let words = FileWords(standardRegistry, flags: ["from", "format", "scratch"])
  private static var log: Logger { ConsoleLog.logger(in: words) }

  private func runFile() async throws {
    let options = try process.apply()
    let graph = try await Interruption.endingAtOnce {
      try PipelineGraph(file: pipeline, settings: settings, in: standardRegistry)
    }
    if executor == .slurm { return try await runJobs(graph) }
    let run = try PipelineRun(
      graph, from: from, only: only, reuse: restart.restart ? .restart : .unchanged, requests: Interruption.requests,
      log: Self.log, options: options, scratch: scratch)
    if !dryRun, !allowCommands { try graph.refuseCommands() }
    if dryRun {
      try Results.print(try await run.dryRun())
      return
    }
    try show(try await run.runSayingWhatIsKept(restarts: restart.restart))
  }

  /// Stages as jobs; what the process was told is told to each.
  private func runJobs(_ graph: PipelineGraph) async throws {
    let options = process.forOthers + (allowCommands ? ["--allow-commands"] : [])
    let run = try SlurmRun(
      graph, from: from, restarts: restart.restart, options: options, log: Self.log)
    if dryRun { return try Results.print(try await run.dryRun()) }
    if !allowCommands { try graph.refuseCommands() }
    do {
      if let results = try await run.run(detaches: detach) { try show(results) }
    } catch is CancellationError {
      // Jobs go on, and so does what has submitted some of them.
      throw Interrupted(next: restart.restart ? .goesOnWithoutRestart : .goesOn)
    }
  }

  private func show(_ results: PipelineRun.Results) throws {
    guard results.count > 1 else {
      if let only = results.first { try format.print(table: only.table, json: only.measures) }
      return
    }
    try format.print(
      table: results.map { "\($0.stage)\n\($0.table)" }.joined(separator: "\n"),
      json: .object(results.map { .init($0.stage, $0.measures) }))
  }
}
