import Artefacts
import Engine
import Formats
import Moments
import Samples
import Storage
import Support

/// Folds a stream's blocks into moments and writes the state.
///
/// Takes one block at a time from its channel while the next is being read.
actor AccumulateConsumer: ResumableConsumer {
  private let stage: AccumulateStage
  private let name: String
  private let output: String
  private let context: RunContext
  private let executor: DedicatedExecutor
  private var plan: MemoryPlan?
  private var moments: ClassMoments?
  private var timeline: Timeline?
  var checkpoints: StreamCheckpoints?

  /// The fold finds nonfinite rows in values that it computes anyway.
  nonisolated let checksFiniteness = true

  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  init(_ stage: AccumulateStage, name: String, output: String, context: RunContext) {
    (self.stage, self.name, self.output, self.context) = (stage, name, output, context)
    executor = DedicatedExecutor("accumulate.\(name)")
  }

  func resume(_ inputs: InputStamps, reading: [String: String]) throws -> CheckpointStore.Header? {
    checkpoints = try StreamCheckpoints(
      of: output, stage: name, fingerprint: stage.fingerprint.merging(reading) { own, _ in own }, inputs: inputs,
      every: stage.checkpoint.duration, in: context)
    return checkpoints?.found?.header
  }

  func prepare(_ shape: StreamShape) throws {
    let plan = MemoryPlan(
      memory: stage.memory, scratch: context.spill(stage.scratch, output), dimension: shape.dimension,
      keepsLowParts: ClassMoments.keepsLowParts(of: shape.scalar), within: stage.within, stream: shape,
      vocabulary: stage.maximumClasses(shape), measures: stage.measureEvery != nil)
    try plan.check()
    if let scratch = stage.scratch?.value ?? context.spill { _ = try ScratchFile(in: scratch) }
    if plan.isTight || stage.memory != nil {
      let description = try plan.description(stream: shape)
      context.log.info("\(name): \(description)")
    }
    warnOfRoom(plan)
    self.plan = plan
    timeline = stage.measureEvery.map { every in
      Timeline(
        file: stage.timeline?.value ?? Timeline.file(beside: output), every: every.value, within: stage.within,
        threads: stage.threads)
    }
    let moments = ClassMoments(
      dimension: shape.dimension, within: stage.within, workers: WorkerThreads(stage.threads), limit: plan.limit)
    if let file = checkpoints?.found?.file {
      try moments.restore(from: file)
      try timeline?.restore(from: file)
    }
    self.moments = moments
    try recordIfDue()
  }

  /// Warns if the disk may not hold a state of the whole vocabulary and its checkpoint. Which classes will occur is not
  /// known yet.
  private func warnOfRoom(_ plan: MemoryPlan) {
    guard let vocabulary = plan.vocabulary else { return }
    let scatter = stage.within == .none ? 0 : plan.dimension * plan.dimension * MemoryLayout<Double>.size
    let most = vocabulary * (plan.meanBytes + 20) + scatter
    guard let free = TemporaryFile.room(in: AtomicFile.folder(of: output)) else { return }
    let (room, needed) = (free + (checkpoints?.store.bytes ?? 0), checkpoints == nil ? most : 2 * most)
    if room < needed {
      let beside = checkpoints == nil ? "" : ", and its checkpoint the same again while it is written"
      context.log.warning(
        "\(name): a state of all \(vocabulary) classes takes \(ByteCount.describe(most))\(beside); \(output) has room for \(ByteCount.describe(room))"
      )
    }
  }

  func take(_ block: Block) throws {
    try checkVocabulary(block)
    try checkLowParts(block)
    do {
      try moments?.fold(block)
    } catch let error as NonfiniteRow {
      throw EmbeddingReader.nonfinite(error.row, in: block)
    }
  }

  func finishDecoding(_ block: Block) throws { try recordIfDue() }

  private func recordIfDue() throws {
    if let moments, let timeline, moments.samples >= timeline.next { try record(moments) }
  }

  func save(to file: CheckpointWriter) throws {
    try moments?.save(to: file)
    try timeline?.save(to: file)
  }

  func finish(_ summary: StreamSummary) async throws {
    guard let moments else { return }
    let provenance = Provenance(
      madeBy: "accumulate", vocabulary: stage.vocabulary ?? (moments.tokens.last.map { Int($0) + 1 } ?? 0),
      vocabularyWasGiven: stage.vocabulary != nil, skipped: summary.skipped,
      features: summary.scalars.map(\.rawValue), parts: 1, samplesDigest: summary.digest)
    try writeArtefact { try moments.write(to: output, provenance) }
    try record(moments)
    let skipped = summary.skipped > 0 ? ", \(summary.skipped) rows with NaN or infinity skipped" : ""
    context.log.info(
      "\(name): \(moments.samples) samples of \(moments.classes) classes, d = \(moments.dimension)\(skipped); wrote \(output)\(timeline.map { ", \($0.file)" } ?? "")"
    )
    checkpoints?.store.remove()
    if moments.samples == moments.classes {
      context.log.warning("\(name): no class has two samples; measure needs at least one that does")
    }
  }

  private func record(_ moments: ClassMoments) throws {
    guard let plan else { return }
    try timeline?.record(moments, most: plan.measurable(carryingMeans: moments.keepsLowParts)) { [context, name] in
      context.log.warning("\(name): \($0)")
    }
  }

  private func checkVocabulary(_ block: Block) throws {
    guard let vocabulary = stage.vocabulary,
      let row = block.labels.firstIndex(where: { $0 >= vocabulary })
    else { return }
    let origin = block.origin(ofRow: row)
    throw StreamError(
      .badLabel, file: origin.source, position: "row \(origin.row)", expected: "a label below \(vocabulary)",
      found: "\(block.labels[row])", advice: "raise --vocabulary, or check the tokenizer that made the labels")
  }

  /// Refuses features of a finer type than before if their means, which then take two doubles, do not fit in memory.
  private func checkLowParts(_ block: Block) throws {
    guard let plan, let limit = plan.limit, let moments, !moments.keepsLowParts, moments.classes > limit.rows / 2,
      ClassMoments.keepsLowParts(of: block.scalar)
    else { return }
    throw MomentsError(
      .outOfMemory, file: block.origin(ofRow: 0).source, expected: "features no finer than those before them",
      found: "\(block.scalar.rawValue), whose means take twice the memory",
      advice: "\(plan.adviceToRaiseMemory), or accumulate each feature type separately and merge")
  }
}
