import ArgumentParser
import Engine
import Logging
import Plan
import Slurm
import Stages
import Storage
import Support

struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run a pipeline file.",
    discussion: """
      Measurements are printed when the pipeline is done. The parameter `out` is the folder for every artefact whose \
      stage names no file for it.

      With --executor slurm, each stage becomes a job; its shards and matrix entries become tasks of a job array. The \
      command follows the jobs until they end, and a second run finds them again. The file's slurm: section says what \
      each job asks for.

      EXAMPLE
        collapse run Pipelines/quickstart.yaml --set out=/scratch/me/quickstart
        collapse run Pipelines/quickstart.yaml --executor slurm --dry-run

      STAGE KINDS
      \(StageKinds.help)
      """)

  @Argument(help: "The pipeline file.", completion: .file(), transform: HomeFolder.expand)
  var pipeline: String

  @Option(name: .customLong("set"), help: ArgumentHelp("Override a parameter.", valueName: "key=value"))
  var settings: [String] = []

  @Option(help: "Run this stage and those after it; the earlier artefacts they need must exist.")
  var from: String?

  @Option(help: "Run this stage alone (repeatable); the artefacts it needs must exist.")
  var only: [String] = []

  @Option(help: "Where stages run: local (in this process) or slurm (as jobs).")
  var executor = Executor.local

  @Option(
    help: "Scratch folder for stages that name none; by default the folder of their outputs.",
    transform: HomeFolder.expand)
  var scratch: String?

  @Flag(help: "With --executor slurm: return once the jobs are submitted.")
  var detach = false

  @Flag(
    help:
      "Show what would run, why, its memory and its outputs (with --executor slurm, the scripts); run nothing."
  )
  var dryRun = false

  @Flag(
    help: "Let the file's commands run as you: command:, and lines, scratch and setup under slurm:. Read them first.")
  var allowCommands = false

  @Flag(help: "Let the file write outside its out folder, or give an out outside the working folder; read it first.")
  var allowOutputs = false

  @OptionGroup var restart: RestartOption

  @OptionGroup var format: FormatOption

  @OptionGroup var process: Options<ProcessOptions>

  enum Executor: String, ExpressibleByArgument, CaseIterable {
    case local, slurm
  }

  func validate() throws {
    if from != nil, !only.isEmpty { throw ValidationError("Give --from or --only, not both.") }
    if scratch?.isEmpty == true { throw ValidationError("--scratch needs a folder.") }
    if executor == .slurm, scratch != nil {
      throw ValidationError("Each node has its own scratch: name it under slurm: in the file, as in scratch: $TMPDIR.")
    }
    if executor == .local, detach { throw ValidationError("--detach needs --executor slurm.") }
    if executor == .slurm, !only.isEmpty { throw ValidationError("--only needs --executor local.") }
  }

  func run() async throws {
    do {
      try await runFile()
    } catch let error as any DiagnosedError {
      throw RewordedError(error) { $0.advice = Self.words.translate($0.advice) }
    }
  }

  /// Advice and log lines name keys of the file.
  private static let words = PipelineFileWording(standardRegistry, flags: ["from", "format", "scratch"])
  private static var log: Logger { ConsoleLog.logger(in: words) }

  private func runFile() async throws {
    let options = try process.apply()
    let graph = try await SignalHandling.withImmediateExit {
      try PipelineGraph(file: pipeline, settings: settings, in: standardRegistry)
    }
    try bound(graph, status: options.statusFile)
    if executor == .slurm { return try await runJobs(graph) }
    let run = try PipelineRun(
      graph, from: from, only: only, reuse: restart.restart ? .restart : .unchanged, requests: SignalHandling.requests,
      log: Self.log, options: options, scratch: scratch)
    if dryRun {
      try Results.print(try await run.dryRun())
      return
    }
    try askForCommands(graph.commands(of: [.run]))
    try show(try await run.runReportingKeptWork(restarts: restart.restart))
  }

  /// Throws if the user has not allowed commands that are about to run. If they are allowed, the log shows them.
  private func askForCommands(_ commands: [PipelineCommand]) throws {
    guard allowCommands else { return try PipelineGraph.refuse(commands) }
    for command in commands { Self.log.notice("\(command.place): allowed: \(command.words)") }
  }

  /// Keeps the pipeline's outputs in its folder, unless the user allows others; a dry run names them.
  private func bound(_ graph: PipelineGraph, status: String?) throws {
    OutputRules.ofProcess.protect(inputs: [pipeline])
    if dryRun || allowOutputs { return ConsoleLog.noteOutputsElsewhere(graph, areAllowed: allowOutputs) }
    try graph.refuseOutputsElsewhere()
    OutputRules.ofProcess.confine(to: graph.outputRoot, except: [status].compactMap(\.self))
  }

  /// Runs stages as jobs, and passes this process's options to each.
  private func runJobs(_ graph: PipelineGraph) async throws {
    // A job runs a plan, whose out is no consent.
    let isAllowed = allowOutputs || graph.isPlacedByUser
    let options =
      process.forOthers + (allowCommands ? ["--allow-commands"] : []) + (isAllowed ? ["--allow-outputs"] : [])
    let run = try SlurmRun(
      graph, from: from, restarts: restart.restart, options: options, log: Self.log)
    if dryRun { return try Results.print(try await run.dryRun()) }
    try askForCommands(graph.commands())
    do {
      if let results = try await run.run(detaches: detach) { try show(results) }
    } catch is CancellationError {
      // Submitted jobs keep running, and the next run finds them.
      throw InterruptedCommand(next: restart.restart ? .resumesWithoutRestart : .resumes)
    }
  }

  private func show(_ results: PipelineRun.Results) throws {
    guard results.count > 1 else {
      if let only = results.first { try format.print(table: only.table, json: only.measures) }
      return
    }
    try format.print(
      table: results.map { "\(VisibleText.line($0.stage))\n\($0.table)" }.joined(separator: "\n"),
      json: .object(results.map { .init($0.stage, $0.measures) }))
  }
}
