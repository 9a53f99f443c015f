import AsyncAlgorithms
import Support

/// Blocks on their way to one consumer: the sender waits until the consumer takes the block.
///
/// Where the stream comes through stages in between, these work when the consumer asks for a block. What the consumer waits for blocks, and how long it works on each, is counted by its meter.
package struct BlockChannel: AsyncSequence, Sendable {
  private let channel = AsyncThrowingChannel<StreamedBlock, any Error>()
  private let meter: Meter
  private let passage: Passage?
  private let failure = RaisedFlag()

  init(_ meter: Meter, through passage: Passage? = nil) {
    (self.meter, self.passage) = (meter, passage)
  }

  func send(_ block: StreamedBlock) async { await channel.send(block) }

  func finish() { channel.finish() }

  /// Says, before the consumer is cancelled for it, that something else of the stream has failed.
  func fail() { failure.raise() }

  /// Whether a consumer that is cancelled is so since something else has failed, and not since the run was interrupted.
  var hasFailed: Bool { failure.isRaised }

  package func makeAsyncIterator() -> Iterator {
    Iterator(blocks: channel.makeAsyncIterator(), meter: meter, passage: passage)
  }

  package struct Iterator: AsyncIteratorProtocol {
    fileprivate var blocks: AsyncThrowingChannel<StreamedBlock, any Error>.Iterator
    fileprivate let meter: Meter
    fileprivate let passage: Passage?
    fileprivate var taken: SuspendingClock.Instant?
    fileprivate var rows = 0

    /// Whoever asks for the next block is done with the one before.
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

    /// The next block that comes through. Throws `CancellationError` rather than pass on less than a whole block.
    private mutating func following(_ actor: isolated (any Actor)?) async throws -> StreamedBlock? {
      guard let passage else { return try await blocks.next(isolation: actor) }
      while true {
        if let block = passage.next() { return block }
        guard let block = try await blocks.next(isolation: actor) else {
          try Task.checkCancellation()
          return try passage.end()
        }
        try passage.take(block)
      }
    }

    package mutating func next() async throws -> StreamedBlock? { try await next(isolation: nil) }
  }
}
