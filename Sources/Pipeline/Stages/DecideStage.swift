import Embeddings
import Geometry
import Moments
import Streams
import Synchronization

/// `decide`: what the classifier and the nearest class mean choose for unseen samples (NC4).
public struct DecideStage: StageKind, StreamTakingStage {
  public static let name = "decide"
  public static let summary = "what the classifier and the nearest class mean choose for unseen samples, for nc4"
  public static let product = Product.decisions
  public static let fileExtension: String? = "h5"
  public static let options = [
    OptionSpec("from", "the stream of unseen samples", .reference(.stream, orFile: false), required: true),
    OptionSpec(
      "moments", "the state file whose class means are chosen from, or the stage that makes it", .reference(.moments),
      required: true),
    OptionSpec(
      "classifier",
      "the output head: file.safetensors#tensor, file.h5#dataset or file.npy; without one, the predictions that the stream carries are the model's choices",
      .file),
    OptionSpec("bias", "the bias of the output head, a vector named like the classifier", .file),
    OptionSpec("threads", "threads that decide; by default what the job was given", .count()),
    OptionSpec(
      "memory", "most the process may take, as in 4GiB, by default nine tenths of what the job was given", .bytes),
    OptionSpec("output", "the decisions file to write (HDF5)", .output),
  ]

  let moments: Located<String>?
  let classifier: Located<String>?
  let bias: Located<String>?
  let threads: Int
  let memory: Int?
  public let output: Located<String>?

  public init(decoding decoder: inout OptionDecoder) {
    moments = decoder.located("moments")
    classifier = decoder.located("classifier")
    bias = decoder.located("bias")
    threads = decoder.count("threads") ?? Allowance.threads
    memory = decoder.bytes("memory")
    output = decoder.located("output")
  }

  public var inputFiles: [String] { [classifier, bias].compactMap { $0.map { TensorReference($0.value).file } } }

  public func check(_ problems: inout [Problem]) {
    if let bias, classifier == nil {
      problems.append(
        Problem(bias.place, "a bias without a classifier", advice: "add classifier: the output head it belongs to"))
    }
    for reference in [classifier, bias].compactMap(\.self) {
      do {
        _ = try InputFiles.expand([TensorReference(reference.value).file])
      } catch let error as any DiagnosedError {
        problems.append(Problem(reference.place, error))
      } catch {}
    }
  }

  func consumer(
    name: String, files: [String: [String]], output: String, context: RunContext
  ) -> any StreamConsumer {
    Deciding(self, name: name, moments: files["moments"] ?? [], output: output, context: context)
  }
}

/// Decides a stream's blocks, one at a time while the next is being read, and writes what became of them.
///
/// Answers cancellation between tiles of a block's products.
actor Deciding: StreamConsumer {
  private let stage: DecideStage
  private let name: String
  private let moments: [String]
  private let output: String
  private let context: RunContext
  private let executor: DedicatedExecutor
  private var inputs: DecideInputs?
  private var decisions = Decisions()
  private var close = 0

  /// Lengths of rows show it.
  nonisolated let checksFiniteness = true

  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  init(_ stage: DecideStage, name: String, moments: [String], output: String, context: RunContext) {
    self.stage = stage
    self.name = name
    self.moments = moments
    self.output = output
    self.context = context
    executor = DedicatedExecutor("decide.\(name)")
  }

  func prepare(_ shape: StreamShape) throws {
    guard let file = moments.first, moments.count == 1 else {
      throw PipelineError([
        Problem(
          stage.moments?.place ?? .option("moments"), "expected one state for “\(name)”, found \(moments.count)",
          advice: "decide with one state, or merge them first")
      ])
    }
    inputs = try DecideInputs(stage, moments: file, stream: shape)
  }

  func consume(_ blocks: BlockChannel) async throws {
    for try await block in blocks {
      guard let inputs else { continue }
      if !inputs.hasClassifier { try checkPredictions(block) }
      let choices = try await Self.decide(block, inputs.deciders)
      decisions.add(labels: block.labels, model: choices.model, nearest: choices.nearest)
      close += choices.close
    }
    try Task.checkCancellation()
  }

  /// Decides a block, and stops where the task is cancelled.
  private static func decide(
    _ block: Block, _ deciders: Deciders, isolation: isolated (any Actor)? = #isolation
  ) async throws -> Choices {
    let isCancelled = CancellationFlag()
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
        .nonfinite,
        Diagnosis(
          file: origin.source, position: "row \(origin.row)", expected: "features of a length below \(limit)",
          found: "a longer row", advice: "check the numbers for overflow, and scale them towards 1"))
    }
  }

  private func checkPredictions(_ block: Block) throws {
    guard let row = block.predictions.map({ $0.firstIndex(of: Block.noPrediction) }) ?? 0 else { return }
    let origin = block.origin(ofRow: row)
    throw StreamError(
      .badOrder,
      Diagnosis(
        file: origin.source, position: "row \(origin.row)",
        expected: "a prediction of the model, between labels and features", found: "none",
        advice: "give --classifier, or save the model's predictions of every batch"))
  }

  func finish(_ summary: StreamSummary) async throws {
    guard let inputs else { return }
    try decisions.write(to: output, inputs.provenance(summary))
    let counts = decisions.totals()
    let skipped = summary.skipped > 0 ? ", \(summary.skipped) rows with NaN or infinity skipped" : ""
    context.log.info(
      "\(name): the deciders agree on \(counts.hits) of \(counts.samples) samples; \(close) choices were so close that float64 made them\(skipped); wrote \(output)"
    )
    if decisions.otherPairs > 0 {
      context.log.warning(
        "\(name): \(decisions.otherPairs) samples of pairs of choices that found no room in /confusion are counted together"
      )
    }
  }
}

/// Set once, when what is under way is no longer wanted.
private final class CancellationFlag: Sendable {
  private let flag = Atomic(false)

  var isRaised: Bool { flag.load(ordering: .relaxed) }
  func raise() { flag.store(true, ordering: .relaxed) }
}
