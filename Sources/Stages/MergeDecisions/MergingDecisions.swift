import Artefacts
import Engine

/// Adds decisions up, a file after another.
actor MergingDecisions {
  private let stage: StageRun
  private let executor: DedicatedExecutor

  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  init(_ stage: StageRun) {
    self.stage = stage
    executor = DedicatedExecutor("merge-decisions.\(stage.name)")
  }

  /// Answers cancellation after each file.
  func run(_ files: [String]) throws {
    let sizes = files.map { FileSizes.total([$0]) }
    stage.meter.setGoal(sizes.reduce(0, +))
    var bytes = 0
    let merged = try DecisionsMerge.merge(files) { done in
      bytes += sizes[done - 1]
      stage.meter.update(done: bytes)
      try Task.checkCancellation()
    }
    guard let (decisions, provenance) = merged, let output = stage.output else { return }
    try decisions.write(to: output, provenance)
    stage.context.log.info(
      "\(stage.name): decisions on \(decisions.totals().samples) samples from \(files.count) files; wrote \(output)")
  }
}
