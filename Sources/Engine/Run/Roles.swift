import Formats
import Plan

/// A kind of stage that reads a stream: from files, from standard input, or from a program.
package protocol ReadingStage: StageKind {
  /// The rows to read, of all inputs together; nil for all.
  var rows: Range<Int>? { get }
  /// What progress counts up to, as the reader counts it; 0 where nobody knows.
  var goal: Int { get throws }
  /// Throws `StreamError` where a file is missing.
  func inputs() throws -> [String]
  func options() throws -> ReadOptions
  /// Files whose arrays belong to those of the inputs, position by position.
  var pairedFiles: [String] { get }
  /// Rows that inputs of that dimension have at most; nil where nobody knows.
  func mostRows(_ inputs: [String], dimension: Int) -> Int?
}

/// A kind of stage that passes samples of a stream on, in their order.
package protocol TransformStage: StageKind {
  /// What it does to a stream, ready for the first sample. Throws where a file it needs cannot be read.
  ///
  /// - Parameter stage: its name, for messages.
  func transform(stage: String) throws -> any SampleTransform
}

/// A kind of stage that takes a stream to its end.
package protocol StreamTakingStage: StageKind {
  /// Whether predictions that samples carry count for the result, and not labels and features alone.
  var readsPredictions: Bool { get }
  /// Ready for the first block.
  ///
  /// - Parameters:
  ///   - files: the files its references name, by option.
  ///   - output: where to write the artefact.
  func consumer(
    name: String, files: [String: [String]], output: String, context: RunContext
  ) -> any StreamConsumer
}

extension StreamTakingStage {
  package var readsPredictions: Bool { false }
}

/// A kind of stage that makes an artefact of other artefacts.
package protocol ArtefactStage: StageKind {
  /// What its progress counts: `B`, `tiles`, `files`.
  static var progressUnit: String { get }

  /// Makes the artefact; what is returned is printed when the pipeline is done.
  func run(_ run: StageRun) async throws -> (any StageResult)?
}

/// A kind of stage that can say what it will take. Every one does.
package protocol ForecastingStage: StageKind {
  /// Throws where an input cannot be read.
  func forecast(_ outlook: StageOutlook) throws -> StageForecast
}

/// Which of the roles a stage plays. Nobody else asks what a kind conforms to.
extension PipelineGraph.Stage {
  package var reading: (any ReadingStage)? { kind as? any ReadingStage }
  package var transforming: (any TransformStage)? { kind as? any TransformStage }
  package var taking: (any StreamTakingStage)? { kind as? any StreamTakingStage }
  package var making: (any ArtefactStage)? { kind as? any ArtefactStage }
  package var forecasting: (any ForecastingStage)? { kind as? any ForecastingStage }

  /// The error of a kind that plays none of the roles that its options and its product promise.
  package func unplayed(_ role: String) -> RunError {
    RunError(
      expected: "a kind of stage that \(role), for “\(written)”", found: type(of: kind).name,
      advice: "report this as a mistake of the program")
  }
}
