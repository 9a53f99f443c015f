import ArgumentParser
import Engine
import Plan

/// Makes a stage kind a verb of the command line: adds help texts, and prints its result.
protocol StageVerb: Sendable {
  associatedtype Kind: StageKind
  associatedtype Own: VerbOptions = NoOptions

  /// One line, for the list of verbs.
  static var abstract: String { get }
  /// The full description, with examples.
  static var discussion: String { get }
}

/// Options that a verb has and its stage kind lacks.
protocol VerbOptions: ParsableArguments {
  /// Whether to start over instead of resuming from a checkpoint.
  var restarts: Bool { get }
  /// The stage options that they set.
  var given: [String: StageDescription.Option] { get }

  /// Prints results.
  ///
  /// - Parameter isWritten: whether they went to a file.
  func show(_ results: PipelineRun.Results, isWritten: Bool) throws
}

extension VerbOptions {
  var restarts: Bool { false }
  var given: [String: StageDescription.Option] { [:] }

  func show(_ results: PipelineRun.Results, isWritten: Bool) throws {}
}

/// For verbs without further options, which print nothing.
struct NoOptions: VerbOptions {}

/// For verbs that print their table (CSV) unless it goes to a file.
struct PrintedTable: VerbOptions {
  func show(_ results: PipelineRun.Results, isWritten: Bool) throws {
    guard !isWritten else { return }
    for result in results { try Results.print(data: result.table) }
  }
}

/// For verbs that keep checkpoints.
struct RestartOption: VerbOptions {
  @Flag(help: "Start over instead of resuming an interrupted run.")
  var restart = false

  var restarts: Bool { restart }
}
