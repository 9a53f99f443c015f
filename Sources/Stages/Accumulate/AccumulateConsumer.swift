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
  /// The files of the artefact: one state, or a part each.
  private let outputs: [String]
  private let context: RunContext
  private let executor: DedicatedExecutor
  private var plan: MemoryPlan?
  private var moments: StreamMoments?
  private var timeline: Timeline?
  var checkpoints: StreamCheckpoints?

  /// The fold finds nonfinite rows in values that it computes anyway.
  nonisolated let checksFiniteness = true

  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  init(_ stage: AccumulateStage, name: String, output: String, context: RunContext) {
    (self.stage, self.name, self.context) = (stage, name, context)
    outputs = stage.artefactFiles(output)
    executor = DedicatedExecutor("accumulate.\(name)")
  }

  /// The file that stands for the artefact.
  private var output: String { outputs[0] }

  func resume(_ inputs: InputStamps, reading: [String: String]) throws -> CheckpointStore.Header? {
    checkpoints = try StreamCheckpoints(
      of: output, stage: name, fingerprint: stage.fingerprint.merging(reading) { own, _ in own }, inputs: inputs,
      every: stage.checkpoint.duration, in: context)
    return checkpoints?.found?.header
  }

  func prepare(_ shape: StreamShape) throws {
    let plan = MemoryPlan(
      memory: stage.memory, scratch: context.spill(stage.scratch, output), dimension: shape.dimension,
      keepsLowParts: ClassMoments.keepsLowParts(of: shape.scalar), within: stage.within, moments: stage.moments,
      stream: shape, vocabulary: stage.maximumClasses(shape), measures: stage.measureEvery != nil,
      parts: stage.parts?.value)
    try plan.check()
    if let scratch = stage.scratch?.value ?? context.spill { _ = try ScratchFile(in: scratch) }
    if plan.isTight || stage.memory != nil {
      let description = try plan.description(stream: shape)
      context.log.info("\(name): \(description)")
    }
    warnOfRoom(plan)
    warnOfFewParts()
    self.plan = plan
    timeline = stage.measureEvery.map { every in
      Timeline(
        file: stage.timeline?.value ?? Timeline.file(beside: output), every: every.value, within: stage.within,
        threads: stage.threads)
    }
    if stage.within != .none {
      try MappedMemory.check(
        ClassMoments.workingBytes(
          dimension: shape.dimension, within: stage.within, moments: stage.moments, parts: outputs.count),
        for: "the within-class scatter")
    }
    let moments = StreamMoments(
      dimension: shape.dimension, within: stage.within, moments: stage.moments, workers: WorkerThreads(stage.threads),
      limit: plan.limit, parts: stage.parts?.value)
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
    let most = outputs.count * (vocabulary * (plan.meanBytes + 20) + scatter)
    guard let free = TemporaryFile.room(in: AtomicFile.folder(of: output)) else { return }
    let (room, needed) = (free + (checkpoints?.store.bytes ?? 0), checkpoints == nil ? most : 2 * most)
    if room < needed {
      let beside = checkpoints == nil ? "" : ", and its checkpoint the same again while it is written"
      context.log.warning(
        "\(name): a state of all \(vocabulary) classes takes \(ByteCount.describe(most))\(beside); \(output) has room for \(ByteCount.describe(room))"
      )
    }
  }

  /// Errors of fewer parts than this are themselves uncertain by a third and more.
  private static let leastParts = 8

  private func warnOfFewParts() {
    guard let parts = stage.parts?.value, parts < Self.leastParts else { return }
    context.log.warning(
      "\(name): \(parts) parts are few for standard errors; a jackknife wants at least \(Self.leastParts)")
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
    guard let moments = moments?.whole, let timeline, moments.samples >= timeline.next else { return }
    try record(moments)
    // A pipe gets the complete timeline at the end.
    if !PipeOutput.isOne(timeline.file) { try self.timeline?.begin().commit() }
  }

  func save(to file: CheckpointWriter) throws {
    try moments?.save(to: file)
    try timeline?.save(to: file)
  }

  func finish(_ summary: StreamSummary) async throws {
    guard let moments else { return }
    let tokens = moments.tokens
    let made = Provenance(
      madeBy: "accumulate", vocabulary: stage.vocabulary ?? (tokens.last.map { Int($0) + 1 } ?? 0),
      vocabularyWasGiven: stage.vocabulary != nil, skipped: summary.skipped,
      features: summary.scalars.map(\.rawValue), parts: 1, samplesDigest: summary.digest,
      labelsDigest: summary.labelsDigest)
    if let whole = moments.whole { try record(whole) }
    timeline?.finish(summary.digest)
    try writeArtefact {
      try AtomicFile.writeTogether { files in
        if let timeline { files.append(try timeline.begin()) }
        for (number, part) in moments.parts.enumerated() {
          files.append(try part.begin(outputs[number], provenance(ofPart: number, made, moments.split)))
        }
      }
    }
    let skipped = summary.skipped > 0 ? ", \(summary.skipped) rows with NaN or infinity skipped" : ""
    let wrote = [output, outputs.count > 1 ? outputs.last : nil].compactMap(\.self).joined(separator: " … ")
    context.log.info(
      "\(name): \(moments.samples) samples of \(tokens.count) classes, d = \(moments.dimension)\(skipped); wrote \(wrote)\(timeline.map { ", \($0.file)" } ?? "")"
    )
    if let settled = timeline?.settled { context.log.info("\(name): \(settled)") }
    checkpoints?.store.remove()
    tell(moments)
    if moments.samples == tokens.count {
      context.log.warning(
        "\(name): no class has two samples, so nothing is known about variation within them; check that labels are token classes"
      )
    }
  }

  /// The provenance of a part, from that of the whole stream. A stream without samples has no parts, and is refused.
  private func provenance(ofPart number: Int, _ whole: Provenance, _ split: StreamSplit?) -> Provenance {
    guard let split, split.units > 0 else { return whole }
    let part = PartOfStream(
      number: number + 1, count: split.parts, rule: split.rule, stream: whole.samplesDigest)
    var made = whole
    (made.part, made.samplesDigest) = (part, part.samplesDigest)
    made.labelsDigest = whole.labelsDigest.map(part.identity)
    // A merge adds them up.
    if number > 0 { made.skipped = 0 }
    return made
  }

  /// Says what went to the parts, and if some have no samples.
  private func tell(_ moments: StreamMoments) {
    guard let split = moments.split else { return }
    let sizes = moments.parts.map(\.samples)
    context.log.info(
      "\(name): \(split.parts) parts by \(split.rule), of \(sizes.min() ?? 0) to \(sizes.max() ?? 0) samples")
    if let other = PartFiles.others(beside: outputs).first {
      context.log.warning(
        "\(name): \(other) is not one of these \(split.parts) parts; remove it, so that no pattern takes both")
    }
    let empty = sizes.count { $0 == 0 }
    guard empty > 0 else { return }
    context.log.warning(
      "\(name): \(empty) parts have no samples, because the stream has only \(split.units) pieces (\(split.rule)); ask for fewer parts, or mark where sequences end"
    )
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
    guard let plan, let limit = plan.limit, let moments, ClassMoments.keepsLowParts(of: block.scalar),
      moments.parts.contains(where: {
        !$0.keepsLowParts && $0.classes > plan.fitting(limit.rows, carryingMeans: true)
      })
    else { return }
    throw MomentsError(
      .outOfMemory, file: block.origin(ofRow: 0).source, expected: "features no finer than those before them",
      found: "\(block.scalar.rawValue), whose means are two numbers each",
      advice: "\(plan.adviceToRaiseMemory), or accumulate each feature type separately and merge")
  }
}
