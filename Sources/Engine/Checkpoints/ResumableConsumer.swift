import Samples
import Storage

/// A consumer that keeps what it has made of a stream now and then, and what it has made of it when it is interrupted.
///
/// A run that fails keeps nothing that was not kept before: whoever mends the command is not told of a checkpoint that
/// nobody asked for, and less than an interval's work is lost.
package protocol ResumableConsumer: StreamConsumer {
  var checkpoints: StreamCheckpoints? { get set }

  /// Takes a block that was not taken before.
  func take(_ block: Block) async throws
  /// Does what follows on a block, once it is noted that it was taken: that may end the stage.
  func settle(_ block: Block) throws
  /// Writes what the stage has made of the stream so far.
  func save(to file: CheckpointWriter) throws
}

extension ResumableConsumer {
  /// Writes the stage's artefact by `body`, which may need the room of what is kept.
  package func writeArtefact(_ body: () throws -> Void) throws {
    if let checkpoints { try checkpoints.store.writeArtefact(body) } else { try body() }
  }

  package func consume(_ blocks: BlockChannel) async throws {
    do {
      for try await streamed in blocks where try checkpoints?.hasTaken(streamed) != true {
        try await take(streamed.block)
        checkpoints?.note(streamed, save)
        try settle(streamed.block)
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
