import Foundation
import Storage

/// What an unfinished run left to resume from.
extension PipelineRun {
  /// Whether a rerun would save work: it finds a checkpoint, or artefacts that it reuses.
  package var hasKept: Bool { !checkpoints.isEmpty || keepsArtefacts }

  /// The last checkpoint of each output, from which the same command resumes after `error`. Empty if the checkpoints
  /// belong to another run.
  package func keptCheckpoints(after error: any Error) -> [String] {
    let isAnothers = error is CheckpointError || (error as? StreamError)?.kind == .held
    return isAnothers ? [] : checkpoints
  }

  private var checkpoints: [String] { plan.outputs.compactMap(CheckpointStore.last) }

  private var keepsArtefacts: Bool {
    reuse.keepsRecords
      && plan.units.joined().contains { number in
        !graph.stages[number].makesStream && plan.output(number) != nil
          && [.done, .unchanged].contains(meters[number].state)
      }
  }
}
