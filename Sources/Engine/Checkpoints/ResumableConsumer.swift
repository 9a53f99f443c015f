import Samples
import Storage

/// A consumer that writes checkpoints at intervals and when it is interrupted.
///
/// If another stage fails, it only updates an existing checkpoint. Someone who fixes the command should not meet a
/// checkpoint they never asked for, and less than an interval's work is lost. ``OutputLocks`` says what stays in the end.
package protocol ResumableConsumer: StreamConsumer {
  var checkpoints: StreamCheckpoints? { get set }

  /// Takes a block not taken before.
  func take(_ block: Block) async throws
  /// Completes a block after it is recorded as taken. This may end the stage.
  func finishDecoding(_ block: Block) throws
  /// Writes the stage's state so far.
  func save(to file: CheckpointWriter) throws
}

extension ResumableConsumer {
  /// Writes the stage's artefact with `body`, which may need the disk space of checkpoints.
  package func writeArtefact(_ body: () throws -> Void) throws {
    if let checkpoints { try checkpoints.store.writeArtefact(body) } else { try body() }
  }

  package func consume(_ blocks: BlockChannel) async throws {
    do {
      for try await streamed in blocks where try checkpoints?.hasTaken(streamed) != true {
        try await take(streamed.block)
        checkpoints?.note(streamed, save)
        try finishDecoding(streamed.block)
      }
      try Task.checkCancellation()
      try checkpoints?.checkPassed()
    } catch let error as CancellationError {
      if blocks.hasFailed { checkpoints?.bringUpToDate(save) } else { checkpoints?.keep(save) }
      checkpoints?.store.finish()
      throw error
    }
  }
}
