import ArgumentParser
import Engine
import Plan

/// A verb is a pipeline of one stage (and, for a stream, its reader): options given here are decoded and checked where
/// those of a pipeline file are.
struct Verb {
  private var stages: [StageDescription] = []

  /// Adds a stage named after its kind.
  mutating func stage(_ kind: String, _ options: [String: StageDescription.Option?]) {
    stages.append(
      StageDescription(
        name: kind, kind: Located(kind, .option(kind)), options: options.compactMapValues { $0 }))
  }

  /// Checks and runs it.
  ///
  /// - Parameter restarts: whether to start over instead of going on from a checkpoint.
  func run(_ process: ProcessOptionGroup, restarts: Bool = false) async throws -> PipelineRun.Results {
    let options = try process.apply()
    let name = "collapse \(stages.last?.name ?? "")"
    let graph = try PipelineGraph(PipelineDescription(name: name, stages: stages), in: .standard)
    return try await PipelineRun(
      graph, reuse: restarts ? .nothingAtAll : .nothing, requests: Interruption.requests, log: ConsoleLog.logger,
      options: options
    ).runSayingWhatIsKept(restarts: restarts)
  }

  /// An option of one value; nil where it was not given.
  static func option(_ name: String, _ value: (some CustomStringConvertible)?) -> StageDescription.Option? {
    value.map { StageDescription.Option(.option("--\(name)"), [Located("\($0)", .option("--\(name)"))]) }
  }

  /// Those of some options of one value that were given, by name.
  static func given(_ options: [String: String?]) -> [String: StageDescription.Option] {
    Dictionary(
      uniqueKeysWithValues: options.compactMap { name, value in option(name, value).map { (name, $0) } })
  }

  /// An option that may be given several times; nil where it was not.
  static func list(_ name: String, _ values: [String]) -> StageDescription.Option? {
    let place = Place.option("--\(name)")
    return values.isEmpty ? nil : StageDescription.Option(place, values.map { Located($0, place) })
  }

  /// A flag; nil where it was not given.
  static func flag(_ name: String, _ isSet: Bool) -> StageDescription.Option? {
    isSet ? option(name, "true") : nil
  }

  /// Positional arguments, called `name` in usage.
  static func arguments(_ name: String, _ values: [String]) -> StageDescription.Option {
    StageDescription.Option(.option(name), values.map { Located($0, .option(name)) })
  }

  /// The help of a stage kind's option.
  static func help(_ kind: any StageKind.Type, _ name: String) -> ArgumentHelp {
    help(kind.options, name)
  }

  /// The help of one of some options.
  static func help(_ options: [OptionSpec], _ name: String) -> ArgumentHelp {
    let text = options.first { $0.name == name }?.help ?? ""
    return ArgumentHelp(stringLiteral: text.prefix(1).uppercased() + text.dropFirst() + ".")
  }
}
