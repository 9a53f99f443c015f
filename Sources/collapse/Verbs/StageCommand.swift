import ArgumentParser
import Engine
import Plan
import Slurm
import Stages

/// A verb: a pipeline of one stage, plus a reader if the stage takes a stream. Its options are decoded and checked by
/// the same code as those of a pipeline file.
struct StageCommand<Verb: StageVerb>: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(commandName: Verb.Kind.name, abstract: Verb.abstract, discussion: Verb.discussion)
  }

  @OptionGroup var options: Options<Verb.Kind>
  @OptionGroup var own: Verb.Own
  @OptionGroup var reading: Options<Reading<Verb.Kind>>
  @OptionGroup var process: Options<ProcessOptions>

  func run() async throws {
    let settings = try process.apply()
    let graph = try PipelineGraph(
      PipelineDescription(name: "collapse \(Verb.Kind.name)", stages: stages), in: standardRegistry)
    let run = try PipelineRun(
      graph, reuse: own.restarts ? .nothingAtAll : .nothing, requests: SignalHandling.requests, log: ConsoleLog.logger,
      options: settings)
    let results = try await run.runReportingKeptWork(restarts: own.restarts)
    try own.show(results, isWritten: options.given["output"] != nil)
  }

  /// The stage, named after its kind, and the stage that reads its stream.
  private var stages: [StageDescription] {
    var given = options.given.merging(own.given) { $1 }
    guard Reading<Verb.Kind>.isNeeded else { return [Self.stage(Verb.Kind.name, given)] }
    let place = SourcePosition.option("INPUT")
    given["from"] = StageDescription.Option(place, [Located(ReadStage.name, place)])
    let shared = given.filter { Reading<Verb.Kind>.shared.contains($0.key) }
    return [Self.stage(ReadStage.name, reading.given.merging(shared) { $1 }), Self.stage(Verb.Kind.name, given)]
  }

  private static func stage(_ kind: String, _ options: [String: StageDescription.Option]) -> StageDescription {
    StageDescription(name: kind, kind: Located(kind, .option(kind)), options: options)
  }
}

/// The options of the reader, for a verb whose stage takes a stream.
enum Reading<Kind: StageKind>: OptionTable {
  static var isNeeded: Bool {
    Kind.options.contains { $0.isRequired && $0.type == .reference(.stream, orFile: false) }
  }

  /// Options that the stage also has; one value holds for both.
  static var shared: Set<String> { ["threads"] }

  static var options: [OptionSpec] { isNeeded ? ReadStage.options.filter { !shared.contains($0.name) } : [] }
}
