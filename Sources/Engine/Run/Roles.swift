import Formats
import Plan

/// A stage kind that reads a stream from files, standard input, or a program.
package protocol ReadingStage: StageKind {
  /// The rows to read, counted over all inputs; nil for all.
  var rows: Range<Int>? { get }
  /// The total for progress, in the reader's units; 0 if unknown.
  var goal: Int { get throws }
  /// Throws `StreamError` if a file is missing.
  func inputs() throws -> [String]
  func options() throws -> ReadOptions
  /// Files whose arrays are aligned with those of the inputs, position by position.
  var pairedFiles: [String] { get }
  /// The most rows that inputs of this dimension can have; nil if unknown.
  func maximumRows(_ inputs: [String], dimension: Int) -> Int?
}

/// A stage kind that passes on samples of a stream, in order.
package protocol TransformStage: StageKind {
  /// The transform, ready for the first sample. Throws if a file it needs cannot be read.
  ///
  /// - Parameter stage: its name, for messages.
  func transform(stage: String) throws -> any SampleTransform
}

/// A stage kind that consumes a stream.
package protocol StreamTakingStage: StageKind {
  /// Whether the result depends on the predictions of samples, as well as on labels and features.
  var readsPredictions: Bool { get }
  /// The consumer, ready for the first block.
  ///
  /// - Parameters:
  ///   - files: files that its references name, by option.
  ///   - output: the file for the artefact.
  func consumer(
    name: String, files: [String: [String]], output: String, context: RunContext
  ) -> any StreamConsumer
}

extension StreamTakingStage {
  package var readsPredictions: Bool { false }
}

/// A stage kind that makes an artefact from other artefacts.
package protocol ArtefactStage: StageKind {
  /// The unit of its progress: `B`, `tiles`, `files`.
  static var progressUnit: String { get }

  /// Makes the artefact. The result is printed when the pipeline is done.
  func run(_ run: StageRun) async throws -> (any StageResult)?
}

/// A stage kind that can forecast its needs and outputs, as every one can.
package protocol ForecastingStage: StageKind {
  /// Throws if an input cannot be read.
  func forecast(_ outlook: ForecastInputs) throws -> StageForecast
}

/// The roles of a stage. This is the only place that asks what a kind conforms to.
extension PipelineGraph.Stage {
  package var reading: (any ReadingStage)? { kind as? any ReadingStage }
  package var transforming: (any TransformStage)? { kind as? any TransformStage }
  package var taking: (any StreamTakingStage)? { kind as? any StreamTakingStage }
  package var making: (any ArtefactStage)? { kind as? any ArtefactStage }
  package var forecasting: (any ForecastingStage)? { kind as? any ForecastingStage }

  /// The error for a kind without the role that its options and product promise.
  package func missingRole(_ role: String) -> RunError {
    RunError(
      expected: "a stage kind that \(role), for “\(written)”", found: type(of: kind).name,
      advice: "please report this bug")
  }
}
