/// What a stage that makes an artefact of others is run with.
struct StageRun: Sendable {
  let name: String
  /// Files of the artefacts it refers to, by option.
  let files: [String: [String]]
  /// Where its artefact goes; a state always has a place, measurements may have none.
  let output: String?
  let context: RunContext
  let meter: Meter
}

/// A kind of stage that takes a stream.
protocol StreamTakingStage: StageKind {
  /// - Parameter files: of the artefacts it refers to, by option.
  func consumer(
    name: String, files: [String: [String]], output: String, context: RunContext
  ) -> any StreamConsumer
}

/// A kind of stage that makes an artefact of other artefacts.
protocol ArtefactStage: StageKind {
  /// What its progress counts.
  static var progressUnit: String { get }

  /// Makes the artefact; returns measurements where those are what it makes.
  func run(_ run: StageRun) async throws -> Measured?
}
