import Deciding
import Engine
import Formats
import Geometry
import Moments
import Samples
import Storage
import Support

/// Decides a stream's blocks, one at a time while the next is being read, and writes the decisions.
///
/// Checks for cancellation between tiles of a block's products.
actor DecideConsumer: ResumableConsumer {
  private let stage: DecideStage
  private let name: String
  private let moments: [String]
  private let output: String
  private let context: RunContext
  private let executor: DedicatedExecutor
  private var inputs: DecideInputs?
  private var decisions = Decisions()
  var checkpoints: StreamCheckpoints?
  private var close = 0
  /// Choices of the last block, until it is known whether pruning pays.
  private var judged: Choices?
  private var hasLooked = false

  /// Row lengths reveal nonfinite values.
  nonisolated let checksFiniteness = true

  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  init(_ stage: DecideStage, name: String, moments: [String], output: String, context: RunContext) {
    (self.stage, self.name, self.moments, self.output) = (stage, name, moments, output)
    self.context = context
    executor = DedicatedExecutor("decide.\(name)")
  }

  func resume(_ inputs: InputStamps, reading: [String: String]) throws -> CheckpointStore.Header? {
    checkpoints = try StreamCheckpoints(
      of: output, stage: name, fingerprint: fingerprint(reading), inputs: inputs, every: stage.checkpoint.duration,
      in: context)
    return checkpoints?.found?.header
  }

  /// Everything that determines the result. Reads every file other than the stream.
  private func fingerprint(_ reading: [String: String]) throws -> [String: String] {
    var fingerprint = stage.fingerprint.merging(reading) { own, _ in own }
    for file in moments + stage.inputFiles { fingerprint["content of \(file)"] = try FileDigest.of(file) }
    return fingerprint
  }

  func prepare(_ shape: StreamShape) throws {
    let file = try moments.only(
      "state", of: name, stage.moments?.place ?? .option("moments"),
      advice: "decide with one state, or merge them first")
    let opened = try DecideInputs(stage, moments: file, stream: shape)
    for line in [opened.choice, opened.plan].compactMap(\.self) { context.log.info("\(name): \(line)") }
    inputs = opened
    if let file = checkpoints?.found?.file { try decisions.restore(from: file) }
  }

  func take(_ block: Block) async throws {
    guard let inputs else { return }
    if !inputs.hasClassifier { try checkPredictions(block) }
    let choices = try await Self.decide(block, inputs.deciders)
    decisions.add(labels: block.labels, model: choices.model, nearest: choices.nearest)
    close += choices.close
    if !hasLooked { judged = choices }
  }

  func finishDecoding(_ block: Block) throws {
    guard let choices = judged else { return }
    judged = nil
    try prune(block, choices)
  }

  func save(to file: CheckpointWriter) throws { try decisions.save(to: file) }

  /// Decides a block, and stops if the task is cancelled.
  private static func decide(
    _ block: Block, _ deciders: Deciders, isolation: isolated (any Actor)? = #isolation
  ) async throws -> Choices {
    let isCancelled = RaisedFlag()
    do {
      return try await withTaskCancellationHandler {
        try deciders.decide(block) { isCancelled.isRaised }
      } onCancel: {
        isCancelled.raise()
      }
    } catch let error as NonfiniteRow {
      throw EmbeddingReader.nonfinite(error.row, in: block)
    } catch GeometryError.rowTooLong(let row, let limit) {
      let origin = block.origin(ofRow: row)
      throw StreamError(
        .nonfinite, file: origin.source, position: "row \(origin.row)", expected: "features of a length below \(limit)",
        found: "a longer row", advice: "check the numbers for overflow, and scale them towards 1")
    }
  }

  /// Prunes the search for the nearest mean if that pays.
  private func prune(_ block: Block, _ choices: Choices) throws {
    guard let share = try inputs?.deciders.prune(judgedBy: block, choices, decided: decisions.totals().samples) else {
      return
    }
    hasLooked = true
    guard share < 1 else { return }
    context.log.info(
      "\(name): pruning the nearest-mean search on the leading \(Int((100 * share).rounded())) % of features")
  }

  private func checkPredictions(_ block: Block) throws {
    guard let row = block.predictions.map({ $0.firstIndex(of: Block.noPrediction) }) ?? 0 else { return }
    let origin = block.origin(ofRow: row)
    throw StreamError(
      .badOrder, file: origin.source, position: "row \(origin.row)",
      expected: "a prediction of the model, between labels and features", found: "none",
      advice: "give --classifier, or save the model's predictions with every batch")
  }

  func finish(_ summary: StreamSummary) async throws {
    guard let inputs else { return }
    let provenance = inputs.provenance(summary)
    try writeArtefact { try decisions.write(to: output, provenance) }
    checkpoints?.store.remove()
    let counts = decisions.totals()
    let skipped = summary.skipped > 0 ? ", \(summary.skipped) rows with NaN or infinity skipped" : ""
    context.log.info(
      "\(name): the deciders agree on \(counts.hits) of \(counts.samples) samples; \(close) close choices were made in float64\(skipped); wrote \(output)"
    )
    if decisions.otherPairs > 0 {
      context.log.warning(
        "\(name): /confusion is full; \(decisions.otherPairs) samples with further pairs of choices are counted together"
      )
    }
  }
}
