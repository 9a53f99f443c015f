import Support

/// What a stage that makes an artefact of others is run with.
struct StageRun: Sendable {
  let name: String
  /// Files of the artefacts it refers to, by option.
  let files: [String: [String]]
  /// The stages that make them, nil for files that were there.
  let makers: [String: [PipelineGraph.Stage?]]
  /// Where its artefact goes; what other stages need always has a place, other measurements may have none.
  let output: String?
  let context: RunContext
  let meter: Meter
}

/// A kind of stage that takes a stream.
protocol StreamTakingStage: StageKind {
  /// Whether it looks at the predictions that the stream carries.
  var readsPredictions: Bool { get }
  /// - Parameter files: of the artefacts it refers to, by option.
  func consumer(
    name: String, files: [String: [String]], output: String, context: RunContext
  ) -> any StreamConsumer
}

extension StreamTakingStage {
  var readsPredictions: Bool { false }
}

/// A kind of stage that makes an artefact of other artefacts.
protocol ArtefactStage: StageKind {
  /// What its progress counts.
  static var progressUnit: String { get }

  /// Makes the artefact; returns what is to be printed of it.
  func run(_ run: StageRun) async throws -> (any StageResult)?
}

/// What a stage made, for people and programs.
protocol StageResult: Sendable {
  /// Plain text for a terminal.
  var table: String { get }
  var json: JSONValue { get }
}
