import AsyncAlgorithms
import Support

/// A channel of blocks to one consumer. The sender waits until the consumer takes the block.
///
/// Transforms in between run when the consumer asks for a block. The consumer's meter counts how long it waits for
/// blocks and how long it works on each.
package struct BlockChannel: AsyncSequence, Sendable {
  private let channel = AsyncThrowingChannel<StreamedBlock, any Error>()
  private let meter: Meter
  private let chain: TransformChain?
  private let failure = RaisedFlag()

  init(_ meter: Meter, through chain: TransformChain? = nil) {
    (self.meter, self.chain) = (meter, chain)
  }

  func send(_ block: StreamedBlock) async { await channel.send(block) }

  func finish() { channel.finish() }

  /// Records that another part of the stream has failed, before the consumer is cancelled because of it.
  func fail() { failure.raise() }

  /// Whether the consumer was cancelled because something failed, not because the run was interrupted.
  var hasFailed: Bool { failure.isRaised }

  package func makeAsyncIterator() -> Iterator {
    Iterator(blocks: channel.makeAsyncIterator(), meter: meter, chain: chain)
  }

  package struct Iterator: AsyncIteratorProtocol {
    fileprivate var blocks: AsyncThrowingChannel<StreamedBlock, any Error>.Iterator
    fileprivate let meter: Meter
    fileprivate let chain: TransformChain?
    fileprivate var taken: SuspendingClock.Instant?
    fileprivate var rows = 0

    /// Asking for the next block means that the one before is done.
    package mutating func next(isolation actor: isolated (any Actor)?) async throws -> StreamedBlock? {
      let asked = SuspendingClock.now
      if let taken { meter.add(work: asked - taken) }
      meter.add(rows: rows)
      let block = try await following(actor)
      let now = SuspendingClock.now
      meter.add(wait: now - asked)
      taken = now
      rows = block?.block.rows ?? 0
      return block
    }

    /// The next block after the transforms. If cancelled, throws `CancellationError` rather than returning an
    /// incomplete block.
    private mutating func following(_ actor: isolated (any Actor)?) async throws -> StreamedBlock? {
      guard let chain else { return try await blocks.next(isolation: actor) }
      while true {
        if let block = chain.next() { return block }
        guard let block = try await blocks.next(isolation: actor) else {
          try Task.checkCancellation()
          return try chain.end()
        }
        try chain.take(block)
      }
    }

    package mutating func next() async throws -> StreamedBlock? { try await next(isolation: nil) }
  }
}
