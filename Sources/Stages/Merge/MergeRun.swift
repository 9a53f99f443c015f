import Artefacts
import Engine
import Support

extension MergeStage {
  /// Merges state files, one range of classes at a time. Checks for cancellation after each range of a state.
  func merge(_ stage: StageRun) throws {
    let files = stage.files["states"] ?? []
    if try DecisionsMerge.applies(to: files) { return try MergeDecisionsStage.merge(files, stage, memory: memory) }
    let merge = try StateMerge(files)
    guard merge.dimension != nil, let output = stage.output else { return }
    for warning in merge.warnings { stage.context.log.warning("\(stage.name): \(warning)") }
    stage.meter.setGoal(merge.byteCount)
    let plan = try merge.plan(
      memory: ResourceLimits.memory(given: memory),
      adviceToRaiseMemory: ResourceLimits.adviceToRaiseMemory(than: memory))
    let meter = stage.meter
    let merged = try merge.write(
      to: output, plan: plan, scratch: stage.context.spill(scratch, output),
      workers: WorkerThreads(threads)
    ) { done in
      meter.update(done: done)
      try Task.checkCancellation()
    }
    stage.context.log.info(
      "\(stage.name): \(merged.samples) samples of \(merged.classes) classes from \(files.count) states; wrote \(output)"
    )
  }
}
