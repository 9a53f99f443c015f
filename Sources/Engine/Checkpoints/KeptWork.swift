import Foundation

/// What an unfinished run left to resume from.
extension PipelineRun {
  /// Whether a rerun would save work: it finds a checkpoint, or artefacts that it reuses.
  public var hasKept: Bool { !checkpoints.isEmpty || keepsArtefacts }

  /// The last checkpoint of each output; empty if this process wrote none.
  public var newCheckpoints: [String] { CheckpointStore.kept > 0 ? checkpoints : [] }

  private var checkpoints: [String] { plan.outputs.compactMap(CheckpointStore.last) }

  private var keepsArtefacts: Bool {
    reuse.keepsRecords
      && plan.units.joined().contains { number in
        !graph.stages[number].makesStream && plan.output(number) != nil
          && [.done, .unchanged].contains(meters[number].state)
      }
  }
}
