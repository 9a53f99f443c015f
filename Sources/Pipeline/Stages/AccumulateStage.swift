import Embeddings
import Foundation
import Moments
import Streams

/// `accumulate`: the moments of every token class of a stream, in one pass.
public struct AccumulateStage: StageKind, StreamTakingStage {
  public static let name = "accumulate"
  public static let summary = "the moments of every token class of a stream, in one pass"
  public static let product = Product.moments
  public static let fileExtension: String? = "h5"
  public static let options = [
    OptionSpec("from", "the stream", required: true),
    OptionSpec(
      "within",
      "within-class scatter to keep: none (its trace only), pooled (d×d, for nc1_pinv and nc1_svd) or pooled-single (to about 1e-6, twice as fast)"
    ),
    OptionSpec("vocabulary", "V: a label must be below it; else it grows with the labels seen"),
    OptionSpec("threads", "threads that fold rows; by default what the job was given"),
    OptionSpec("memory", "most the moments may take, as in 4GiB; the run stops with a clear word beyond it"),
    OptionSpec("output", "the state file to write (HDF5)"),
  ]

  let from: Located<String>?
  let within: WithinScatter
  let vocabulary: Int?
  let threads: Int
  let memory: Int?
  public let output: Located<String>?

  public init(decoding decoder: inout OptionDecoder) {
    from = decoder.located("from")
    within = decoder.choice("within", WithinScatter.none)
    vocabulary = decoder.count("vocabulary")
    threads = decoder.count("threads") ?? Allowance.threads
    memory = decoder.bytes("memory")
    output = decoder.located("output")
  }

  public var references: [StageReference] {
    from.map { [StageReference("from", $0, needs: .stream, mayBeFile: false)] } ?? []
  }

  func consumer(name: String, output: String, context: RunContext) -> any StreamConsumer {
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
  private var moments: ClassMoments?

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

  func consume(_ blocks: BlockChannel) async throws {
    for try await block in blocks {
      let moments = try self.moments ?? start(block.dimension)
      self.moments = moments
      try checkVocabulary(block)
      do {
        try moments.fold(block)
      } catch let error as NonfiniteRow {
        throw EmbeddingReader.nonfinite(error.row, in: block)
      }
      try checkMemory(moments)
    }
    try Task.checkCancellation()
  }

  /// Makes the moments, once the dimension is known, where the scatter fits.
  private func start(_ dimension: Int) throws -> ClassMoments {
    let limit = stage.memory ?? Int(clamping: ProcessInfo.processInfo.physicalMemory)
    let scatter = 2 * dimension * dimension * MemoryLayout<Double>.size
    guard stage.within == .none || scatter <= limit else {
      throw MomentsError(
        .outOfMemory,
        Diagnosis(
          expected: "a scatter within \(ByteCount.describe(limit))",
          found: "\(ByteCount.describe(scatter)) to keep and write one of dimension \(dimension)",
          advice: "leave --within \(stage.within.rawValue) out: nc1_quotient is measured without it"))
    }
    return ClassMoments(dimension: dimension, within: stage.within, workers: Workers(stage.threads))
  }

  func finish(_ summary: StreamSummary) async throws {
    guard let moments else { return }
    try moments.write(
      to: output,
      Provenance(
        madeBy: "accumulate", vocabulary: stage.vocabulary ?? (moments.tokens.last.map { Int($0) + 1 } ?? 0),
        vocabularyWasGiven: stage.vocabulary != nil, skipped: summary.skipped,
        features: summary.scalars.map(\.rawValue), parts: 1, samplesDigest: summary.digest))
    let skipped = summary.skipped > 0 ? ", \(summary.skipped) rows with NaN or infinity skipped" : ""
    context.log.info(
      "\(name): \(moments.samples) samples of \(moments.classes) classes, d = \(moments.dimension)\(skipped); wrote \(output)"
    )
    if moments.samples == moments.classes {
      context.log.warning("\(name): no class has two samples; measuring needs some that have")
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

  private func checkMemory(_ moments: ClassMoments) throws {
    guard let memory = stage.memory, moments.byteCount > memory else { return }
    throw MomentsError(
      .outOfMemory,
      Diagnosis(
        expected: "moments within \(ByteCount.describe(memory))",
        found:
          "\(ByteCount.describe(moments.byteCount)) for \(moments.classes) classes of dimension \(moments.dimension)",
        advice: "raise --memory, or accumulate parts of the vocabulary apart"))
  }
}
