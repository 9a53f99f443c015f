import Embeddings
import Moments
import Streams

/// `accumulate`: the moments of every token class of a stream, in one pass.
public struct AccumulateStage: StageKind, StreamTakingStage {
  public static let name = "accumulate"
  public static let summary = "the moments of every token class of a stream, in one pass"
  public static let product = Product.moments
  public static let fileExtension: String? = "h5"
  public static let options = [
    OptionSpec("from", "the stream", .reference(.stream, orFile: false), required: true),
    OptionSpec(
      "within",
      "within-class scatter to keep: none (its trace only), pooled (d×d, for nc1_pinv and nc1_svd) or pooled-single (to about 1e-6, twice as fast)",
      .choice(of: WithinScatter.self)),
    OptionSpec("vocabulary", "V: a label must be below it; else it grows with the labels seen", .count()),
    OptionSpec("threads", "threads that fold rows; by default what the job was given", .count()),
    OptionSpec(
      "memory",
      "most the process may take, as in 4GiB, by default nine tenths of what the job was given; means of rare classes that find no room go to scratch",
      .bytes),
    OptionSpec("scratch", "folder for what finds no room in memory; by default that of the output", .folder),
    OptionSpec(
      "measure-every",
      "samples, as in 1e6, after each of which statistics that take no sweep over pairs go to the timeline; O(K·d²) each time",
      .amount()),
    OptionSpec(
      "timeline", "where measure-every writes them (CSV); by default moments.timeline.csv beside moments.h5", .output),
    CheckpointInterval.spec,
    OptionSpec("output", "the state file to write (HDF5)", .output),
  ]

  let within: WithinScatter
  let vocabulary: Int?
  let threads: Int
  let memory: Int?
  let scratch: Located<String>?
  let measureEvery: Located<Int>?
  let timeline: Located<String>?
  let checkpoint: CheckpointInterval
  public let output: Located<String>?

  public init(decoding decoder: inout OptionDecoder) {
    within = decoder.choice("within", WithinScatter.none)
    vocabulary = decoder.count("vocabulary")
    threads = decoder.count("threads") ?? Allowance.threads
    memory = decoder.bytes("memory")
    scratch = decoder.folder("scratch")
    measureEvery = decoder.amount("measure-every", within: 1...1 << 53).flatMap { amount in
      decoder.located("measure-every").map { Located(amount, $0.place) }
    }
    timeline = decoder.located("timeline")
    checkpoint = decoder.checkpointInterval()
    output = decoder.located("output")
    if let timeline, decoder.located("measure-every") == nil {
      decoder.complain(
        timeline.place, "expected measure-every with timeline",
        advice: "write, for example, \(timeline.place.example("measure-every", "1e6")), or leave timeline out")
    }
  }

  public var recipe: [String: String] {
    [
      "within": within.rawValue, "vocabulary": vocabulary.map { "\($0)" },
      "measure-every": measureEvery.map { "\($0.value)" },
    ].compactMapValues(\.self)
  }

  public var outputs: [Located<String>] { [output, timeline].compactMap { $0 } }

  public func companions(of artefact: String) -> [String] {
    measureEvery != nil && timeline == nil ? [Timeline.file(beside: artefact)] : []
  }

  public func checkPlaces(_ artefact: String?, _ problems: inout [Problem]) {
    guard let measureEvery, timeline == nil, artefact == nil else { return }
    problems.append(
      Problem(
        measureEvery.place, "expected a place for the timeline, found none: the state is kept nowhere",
        advice: "add timeline: or output:"))
  }

  func consumer(
    name: String, files: [String: [String]], output: String, context: RunContext
  ) -> any StreamConsumer {
    Accumulation(self, name: name, output: output, context: context)
  }
}

/// Folds a stream's blocks into moments and writes the state.
///
/// Takes one block at a time from its channel; the next is being read meanwhile.
actor Accumulation: StreamConsumer {
  private let stage: AccumulateStage
  private let name: String
  private let output: String
  private let context: RunContext
  private let executor: DedicatedExecutor
  private var plan: MemoryPlan?
  private var moments: ClassMoments?
  private var timeline: Timeline?
  private var checkpoints: StreamCheckpoints?

  /// The fold sees it in what it computes anyway.
  nonisolated let checksFiniteness = true

  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  init(_ stage: AccumulateStage, name: String, output: String, context: RunContext) {
    self.stage = stage
    self.name = name
    self.output = output
    self.context = context
    executor = DedicatedExecutor("accumulate.\(name)")
  }

  func resume(_ inputs: InputStamps, reading: [String: String]) throws -> CheckpointStore.Header? {
    guard context.keeps(output) else { return nil }
    let checkpoints = try StreamCheckpoints(
      CheckpointStore(output: output, stage: name, log: context.log),
      recipe: stage.recipe.merging(reading) { own, _ in own }, inputs: inputs, every: stage.checkpoint.duration,
      restarts: context.restarts, requests: context.checkpoints)
    self.checkpoints = checkpoints
    return checkpoints.found?.header
  }

  func prepare(_ shape: StreamShape) throws {
    let plan = MemoryPlan(
      memory: stage.memory, scratch: stage.scratch?.value ?? AtomicFile.folder(of: output), dimension: shape.dimension,
      carriesMeans: ClassMoments.carriesMeans(of: shape.scalar), within: stage.within, stream: shape,
      vocabulary: stage.vocabulary, measures: stage.measureEvery != nil)
    try plan.check()
    if let scratch = stage.scratch { _ = try ScratchFile(in: scratch.value) }
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
      dimension: shape.dimension, within: stage.within, workers: Workers(stage.threads), limit: plan.limit)
    if let file = checkpoints?.found?.file {
      try moments.restore(from: file)
      try timeline?.restore(from: file)
    }
    self.moments = moments
  }

  /// A state of the whole vocabulary may find no room in the end; which classes come is not known yet.
  private func warnOfRoom(_ plan: MemoryPlan) {
    guard let vocabulary = plan.vocabulary else { return }
    let scatter = stage.within == .none ? 0 : plan.dimension * plan.dimension * MemoryLayout<Double>.size
    let most = vocabulary * (plan.meanBytes + 20) + scatter
    if let room = TemporaryFile.room(in: AtomicFile.folder(of: output)), room < most {
      context.log.warning(
        "\(name): a state of all \(vocabulary) classes takes \(ByteCount.describe(most)), and \(output) has room for \(ByteCount.describe(room))"
      )
    }
  }

  func consume(_ blocks: BlockChannel) async throws {
    do {
      try recordIfDue()
      for try await streamed in blocks where try checkpoints?.hasTaken(streamed) != true {
        try take(streamed.block)
        checkpoints?.note(streamed, save)
        try recordIfDue()
      }
      try Task.checkCancellation()
      try checkpoints?.checkPassed()
    } catch let error as CancellationError {
      checkpoints?.keep(save)
      checkpoints?.finish()
      throw error
    }
  }

  private func take(_ block: Block) throws {
    try checkVocabulary(block)
    try checkCarry(block)
    do {
      try moments?.fold(block)
    } catch let error as NonfiniteRow {
      throw EmbeddingReader.nonfinite(error.row, in: block)
    }
  }

  private func recordIfDue() throws {
    if let moments, let timeline, moments.samples >= timeline.next { try record(moments) }
  }

  private func save(to file: CheckpointWriter) throws {
    try moments?.save(to: file)
    try timeline?.save(to: file)
  }

  func finish(_ summary: StreamSummary) async throws {
    guard let moments else { return }
    try moments.write(
      to: output,
      Provenance(
        madeBy: "accumulate", vocabulary: stage.vocabulary ?? (moments.tokens.last.map { Int($0) + 1 } ?? 0),
        vocabularyWasGiven: stage.vocabulary != nil, skipped: summary.skipped,
        features: summary.scalars.map(\.rawValue), parts: 1, samplesDigest: summary.digest))
    try record(moments)
    let skipped = summary.skipped > 0 ? ", \(summary.skipped) rows with NaN or infinity skipped" : ""
    context.log.info(
      "\(name): \(moments.samples) samples of \(moments.classes) classes, d = \(moments.dimension)\(skipped); wrote \(output)\(timeline.map { ", \($0.file)" } ?? "")"
    )
    checkpoints?.remove()
    if moments.samples == moments.classes {
      context.log.warning("\(name): no class has two samples; measuring needs some that have")
    }
  }

  private func record(_ moments: ClassMoments) throws {
    guard let plan else { return }
    try timeline?.record(moments, most: plan.measurable(carryingMeans: moments.carriesMeans)) { [context, name] in
      context.log.warning("\(name): \($0)")
    }
  }

  private func checkVocabulary(_ block: Block) throws {
    guard let vocabulary = stage.vocabulary,
      let row = block.labels.firstIndex(where: { $0 >= vocabulary })
    else { return }
    let origin = block.origin(ofRow: row)
    throw StreamError(
      .badLabel,
      Diagnosis(
        file: origin.source, position: "row \(origin.row)", expected: "a label below \(vocabulary)",
        found: "\(block.labels[row])", advice: "raise --vocabulary, or check the tokenizer that made the labels"))
  }

  /// Refuses features of a finer type than those before where their means, which are then two doubles, have no room.
  private func checkCarry(_ block: Block) throws {
    guard let plan, let limit = plan.limit, let moments, !moments.carriesMeans, moments.classes > limit.rows / 2,
      ClassMoments.carriesMeans(of: block.scalar)
    else { return }
    throw MomentsError(
      .outOfMemory,
      Diagnosis(
        file: block.origin(ofRow: 0).source, expected: "features as coarse as those before them",
        found: "\(block.scalar.rawValue), whose means take twice the memory",
        advice: "give --memory more, or accumulate features of each type apart and merge"))
  }
}
