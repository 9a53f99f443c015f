import Artefacts
import Engine
import Support

/// Merges state files, one range of classes at a time.
actor Merging {
  private let options: MergeStage
  private let stage: StageRun
  private let executor: DedicatedExecutor

  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  init(_ options: MergeStage, _ stage: StageRun) {
    (self.options, self.stage) = (options, stage)
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
      memory: options.memory ?? Allowance.standardMemory, adviceForMore: Allowance.adviceForMore(than: options.memory))
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
