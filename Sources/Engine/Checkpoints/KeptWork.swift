import Foundation

/// What a run that came to no good end has left to go on from.
extension PipelineRun {
  /// Whether the same run would go on from anything: from a checkpoint, or with artefacts that it takes as they are.
  public var hasKept: Bool { !checkpoints.isEmpty || keepsArtefacts }

  /// The last checkpoint of each output that has one, where this process has written any.
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
