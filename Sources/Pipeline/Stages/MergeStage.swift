import Embeddings
import Moments

/// `merge`: the moments of several states as if accumulated together.
public struct MergeStage: StageKind, ArtefactStage {
  public static let name = "merge"
  public static let summary = "the moments of several states, as if accumulated together"
  public static let product = Product.moments
  public static let fileExtension: String? = "h5"
  public static let options = [
    OptionSpec("states", "state files, or stages that make them, in order", required: true, list: true),
    OptionSpec("output", "the state file to write (HDF5)"),
  ]

  let states: [Located<String>]
  public let output: Located<String>?

  public init(decoding decoder: inout OptionDecoder) {
    states = decoder.list("states")
    output = decoder.located("output")
  }

  public var references: [StageReference] { states.map { StageReference("states", $0, needs: .moments) } }

  static let progressUnit = "states"

  func run(_ run: StageRun) async throws -> Measured? {
    try await Merging(run).run()
    return nil
  }
}

/// Merges state files, one run of classes at a time.
actor Merging {
  private let stage: StageRun
  private let executor: DedicatedExecutor

  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  init(_ stage: StageRun) {
    self.stage = stage
    executor = DedicatedExecutor("merge.\(stage.name)")
  }

  /// Answers cancellation after each state.
  func run() throws {
    let files = stage.files["states"] ?? []
    let merge = try StateMerge(files)
    guard let dimension = merge.dimension, let output = stage.output else { return }
    stage.meter.setGoal(files.count)
    let moments = ClassMoments(dimension: dimension, within: merge.within)
    let provenance = try merge.merge(into: moments) { done in
      stage.meter.update(done: done)
      try Task.checkCancellation()
    }
    try moments.write(to: output, provenance)
    stage.context.log.info(
      "\(stage.name): \(moments.samples) samples of \(moments.classes) classes from \(files.count) states; wrote \(output)"
    )
  }
}
