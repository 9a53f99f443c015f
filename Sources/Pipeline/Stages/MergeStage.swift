import Artefacts
import Support

/// `merge`: the moments of several states as if accumulated together; or, of files, the decisions of several streams.
public struct MergeStage: StageKind, ArtefactStage {
  public static let name = "merge"
  public static let summary = "the moments of several states, as if accumulated together"
  public static let product = Product.moments
  public static let fileExtension: String? = "h5"
  package static let settings: [Setting<Self>] = [
    .init(
      "states", "state files, or stages that make them, in order; or files of decisions", refersTo: .moments,
      required: true, list: true,
      verb: .argument("state", "state files, or files of decisions, or globs in natural order (quoted)")),
    .init(
      \.memory, "memory",
      "most the process may take, as in 4GiB, by default nine tenths of what the job was given; with less, more ranges of classes are read apart, and scatters that find no room go to scratch",
      .bytes),
    .threads(\.threads, "that merge"),
    .init(\.scratch, "scratch", "folder for what finds no room in memory; by default that of the output", .folder),
    .init(\.output, "output", "the state file to write (HDF5)", .output, verb: .required),
  ]

  var memory: Int?
  var threads = Allowance.threads
  var scratch: Located<String>?
  package var output: Located<String>?

  package init() {}

  static let progressUnit = "B"

  func run(_ run: StageRun) async throws -> (any StageResult)? {
    try await Merging(self, run).run()
    return nil
  }
}

/// Merges state files, one range of classes at a time.
actor Merging {
  private let options: MergeStage
  private let stage: StageRun
  private let executor: DedicatedExecutor

  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  init(_ options: MergeStage, _ stage: StageRun) {
    self.options = options
    self.stage = stage
    executor = DedicatedExecutor("merge.\(stage.name)")
  }

  /// Answers cancellation after each range of a state.
  func run() async throws {
    let files = stage.files["states"] ?? []
    if try DecisionsMerge.applies(to: files) { return try await MergingDecisions(stage).run(files) }
    let merge = try StateMerge(files)
    guard merge.dimension != nil, let output = stage.output else { return }
    stage.meter.setGoal(merge.byteCount)
    let plan = try merge.plan(
      memory: options.memory ?? MemoryPlan.standard, adviceForMore: Allowance.adviceForMore(than: options.memory))
    let meter = stage.meter
    let merged = try merge.write(
      to: output, plan: plan, scratch: stage.context.spill(options.scratch, output),
      workers: Workers(options.threads)
    ) { done in
      meter.update(done: done)
      try Task.checkCancellation()
    }
    stage.context.log.info(
      "\(stage.name): \(merged.samples) samples of \(merged.classes) classes from \(files.count) states; wrote \(output)"
    )
  }
}
