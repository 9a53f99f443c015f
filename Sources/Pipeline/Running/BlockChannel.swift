import AsyncAlgorithms
import Embeddings

/// Blocks on their way to one consumer: the sender waits until the consumer takes the block.
///
/// What the consumer waits for blocks, and how long it works on each, is counted by its meter.
struct BlockChannel: AsyncSequence, Sendable {
  private let channel = AsyncThrowingChannel<StreamedBlock, any Error>()
  private let meter: Meter

  init(_ meter: Meter) { self.meter = meter }

  func send(_ block: StreamedBlock) async { await channel.send(block) }

  func finish() { channel.finish() }

  func makeAsyncIterator() -> Iterator { Iterator(blocks: channel.makeAsyncIterator(), meter: meter) }

  struct Iterator: AsyncIteratorProtocol {
    fileprivate var blocks: AsyncThrowingChannel<StreamedBlock, any Error>.Iterator
    fileprivate let meter: Meter
    private var taken: SuspendingClock.Instant?
    private var rows = 0

    fileprivate init(blocks: AsyncThrowingChannel<StreamedBlock, any Error>.Iterator, meter: Meter) {
      self.blocks = blocks
      self.meter = meter
    }

    /// Whoever asks for the next block is done with the one before.
    mutating func next(isolation actor: isolated (any Actor)?) async throws -> StreamedBlock? {
      let asked = SuspendingClock.now
      if let taken { meter.add(work: asked - taken) }
      meter.add(rows: rows)
      let block = try await blocks.next(isolation: actor)
      let now = SuspendingClock.now
      meter.add(wait: now - asked)
      taken = now
      rows = block?.block.rows ?? 0
      return block
    }

    mutating func next() async throws -> StreamedBlock? { try await next(isolation: nil) }
  }
}
