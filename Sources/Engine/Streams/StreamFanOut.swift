import Formats
import Samples
import Support

/// A block for a consumer, and where in the stream it ends, if known.
package struct StreamedBlock: Sendable {
  package let block: Block
  package let position: StreamPosition?
  /// Extra state needed to resume after it, if its samples came through transforms.
  package var chain: TransformChainState?
}

/// Reads one stream once for all its consumers.
///
/// Each block goes to every consumer before the next is read. So the slowest sets the pace, and memory holds one block
/// here and one at each consumer. Cancellation ends the read at the next block, or while it waits for a pipe.
actor StreamFanOut {
  private let reader: EmbeddingReader
  private let start: StreamStart
  private let meter: Meter
  private let rowsAreDone: @Sendable (Int) -> Void
  private let choosing: @Sendable (String) -> Void
  private let executor: DedicatedExecutor

  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  /// - Parameters:
  ///   - rowsAreDone: called when every consumer has taken a block, with the number of rows before it. All consumers
  ///     are done with those rows.
  ///   - start: where the stream starts.
  ///   - choosing: called with each thing that was chosen for the user, in words.
  init(
    _ inputs: [String], options: ReadOptions, from start: StreamStart = .beginning, meter: Meter,
    rowsAreDone: @escaping @Sendable (Int) -> Void = { _ in }, choosing: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    (self.start, self.choosing) = (start, choosing)
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

  /// See `StreamShape`.
  var windowBytes: Int { reader.windowBytes }

  /// The shape of the stream's rows; nil if it has none.
  func shape() throws -> StreamShape? {
    defer { reader.newChoices().forEach(choosing) }
    return try meter.working { try reader.shape() }
  }

  /// Reads to the end. Only then are the channels finished: a consumer whose channel ends has seen everything.
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
      reader.newChoices().forEach(choosing)
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

  /// Checks that the files stayed intact to the end, once the consumers are done with them.
  func checkIntact() throws { try reader.checkIntact() }
}

/// A stage that consumes a stream.
package protocol StreamConsumer: Actor {
  /// Whether it refuses non-finite rows itself, so that the reader need not.
  nonisolated var checksFiniteness: Bool { get }
  /// Looks for a checkpoint and returns its header; nil to start at the beginning. Called first.
  ///
  /// - Parameter reading: the reader's options that affect the blocks.
  func resume(_ inputs: InputStamps, reading: [String: String]) async throws -> CheckpointStore.Header?
  /// Prepares for rows of this shape before any is read. Throws if the stage cannot handle them.
  func prepare(_ shape: StreamShape) async throws
  /// Takes every block. Throws `CancellationError` if the task is cancelled before the stream ends.
  func consume(_ blocks: BlockChannel) async throws
  /// Makes the stage's artefact after the stream has ended.
  func finish(_ summary: StreamSummary) async throws
}
