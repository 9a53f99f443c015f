import Embeddings
import Moments

/// `merge`: the moments of several states as if accumulated together.
public struct MergeStage: StageKind {
  public static let name = "merge"
  public static let summary = "the moments of several states, as if accumulated together"
  public static let product = Product.moments
  public static let fileExtension: String? = "h5"
  public static let options = [
    OptionSpec("states", "state files, or stages that make them, in order", required: true, list: true),
    OptionSpec("output", "the state file to write (HDF5)"),
  ]

  let states: [Located<String>]
  let output: Located<String>?

  public init(decoding decoder: inout OptionDecoder) {
    states = decoder.list("states")
    output = decoder.located("output")
  }

  public var references: [StageReference] { states.map { StageReference("states", $0, needs: .moments) } }
  public var outputs: [Located<String>] { output.map { [$0] } ?? [] }
}

/// Merges state files, one run of classes at a time.
actor Merging {
  private let name: String
  private let output: String
  private let context: RunContext
  private let meter: Meter
  private let executor: DedicatedExecutor

  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  init(name: String, output: String, context: RunContext, meter: Meter) {
    self.name = name
    self.output = output
    self.context = context
    self.meter = meter
    executor = DedicatedExecutor("merge.\(name)")
  }

  /// Answers cancellation after each state.
  func run(_ files: [String]) throws {
    let merge = try StateMerge(files)
    guard let dimension = merge.dimension else { return }
    let moments = ClassMoments(dimension: dimension, within: merge.within)
    let provenance = try merge.merge(into: moments) { done in
      meter.update(done: done)
      try Task.checkCancellation()
    }
    try moments.write(to: output, provenance)
    context.log.info(
      "\(name): \(moments.samples) samples of \(moments.classes) classes from \(files.count) states; wrote \(output)")
  }
}
