import Formats
import Samples
import Support

/// A block on its way to a consumer, and where in the stream it ends, as far as that can be said.
package struct StreamedBlock: Sendable {
  package let block: Block
  package let position: StreamPosition?
  /// What else is to be known to go on behind it, of samples that came through stages in between.
  package var passage: PassageState?
}

/// Reads one stream, once, for all of its consumers.
///
/// Each block goes to every consumer before the next is read, so that the slowest sets the pace and memory is one block
/// here and one in each consumer's hands. Cancellation ends the read at the next block, or while a pipe keeps it waiting.
actor StreamHub {
  private let reader: EmbeddingReader
  private let start: StreamStart
  private let meter: Meter
  private let rowsAreDone: @Sendable (Int) -> Void
  private let executor: DedicatedExecutor

  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  /// - Parameters:
  ///   - rowsAreDone: told, when every consumer has taken a block, how many rows came before it: whoever takes a block is
  ///     done with those.
  ///   - start: where the stream is gone on in, where it is.
  init(
    _ inputs: [String], options: ReadOptions, from start: StreamStart = .beginning, meter: Meter,
    rowsAreDone: @escaping @Sendable (Int) -> Void = { _ in }
  ) {
    self.start = start
    if case .after(let position) = start,
      let reader = EmbeddingReader(inputs: inputs, options: options, after: position)
    {
      self.reader = reader
    } else {
      reader = EmbeddingReader(inputs: inputs, options: options)
    }
    (self.rowsAreDone, self.meter) = (rowsAreDone, meter)
    executor = DedicatedExecutor("read.\(meter.stage)")
  }

  /// What the stream's rows look like; nil where it has none.
  func shape() throws -> StreamShape? { try meter.working { try reader.shape() } }

  /// Reads to the end. The channels are finished only then: a consumer that finds its channel ended has seen all.
  func run(to channels: [BlockChannel]) async throws -> StreamSummary {
    var rows = start.position?.samples ?? 0
    if case .again(let position) = start {
      try meter.working {
        try reader.readAgain(to: position) { rows in
          meter.update(done: reader.progress, rows: rows)
          try Task.checkCancellation()
        }
      }
    }
    while let block = try meter.working({ try reader.next() }) {
      rows += block.rows
      let streamed = StreamedBlock(block: block, position: reader.position)
      meter.update(done: reader.progress, rows: rows)
      let read = SuspendingClock.now
      for channel in channels { await channel.send(streamed) }
      meter.add(wait: SuspendingClock.now - read)
      rowsAreDone(rows - block.rows)
      try Task.checkCancellation()
    }
    for channel in channels { channel.finish() }
    return reader.finish()
  }

  /// Checks that the files were whole to the end, once the consumers are done with what was read of them.
  func checkIntact() throws { try reader.checkIntact() }
}

/// A stage that takes a stream.
package protocol StreamConsumer: Actor {
  /// Whether it refuses rows that are not finite, so that the reader need not.
  nonisolated var checksFiniteness: Bool { get }
  /// Looks for what an earlier run has kept, and says where it goes on; nil where it starts at the beginning. Called first.
  ///
  /// - Parameter reading: what decides, of the reading, what the blocks are.
  func resume(_ inputs: InputStamps, reading: [String: String]) async throws -> CheckpointStore.Header?
  /// Makes ready for rows of this shape, before any is read; refuses what cannot be done.
  func prepare(_ shape: StreamShape) async throws
  /// Takes every block. Throws `CancellationError` where the task is cancelled before the stream's end.
  func consume(_ blocks: BlockChannel) async throws
  /// Makes the stage's artefact, once the stream has ended.
  func finish(_ summary: StreamSummary) async throws
}
