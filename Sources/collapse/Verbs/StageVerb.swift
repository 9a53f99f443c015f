import ArgumentParser
import Engine
import Plan

/// What the command line adds to a kind of stage to make it a verb: words, and how its result is printed.
protocol StageVerb: Sendable {
  associatedtype Kind: StageKind
  associatedtype Own: VerbOptions = NoOptions

  /// One line, for the list of verbs.
  static var abstract: String { get }
  /// What there is to know of it, with examples.
  static var discussion: String { get }
}

/// Options of a verb that its kind of stage does not have.
protocol VerbOptions: ParsableArguments {
  /// Whether to start over instead of going on from a checkpoint.
  var restarts: Bool { get }
  /// What they say of the stage.
  var given: [String: StageDescription.Option] { get }

  /// Prints results.
  ///
  /// - Parameter isWritten: whether a file takes them.
  func show(_ results: PipelineRun.Results, isWritten: Bool) throws
}

extension VerbOptions {
  var restarts: Bool { false }
  var given: [String: StageDescription.Option] { [:] }

  func show(_ results: PipelineRun.Results, isWritten: Bool) throws {}
}

/// A verb that has no more options, and prints nothing.
struct NoOptions: VerbOptions {}

/// A verb that prints its table where no file takes it.
struct PrintedTable: VerbOptions {
  func show(_ results: PipelineRun.Results, isWritten: Bool) throws {
    guard !isWritten else { return }
    for result in results { try Results.print(result.table) }
  }
}

/// A verb that keeps checkpoints.
struct RestartOption: VerbOptions {
  @Flag(help: "Start over, instead of going on from what an interrupted run has kept.")
  var restart = false

  var restarts: Bool { restart }
}
