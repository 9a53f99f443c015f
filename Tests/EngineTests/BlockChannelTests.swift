import TestSupport
import Testing

@testable import Engine
@testable import Samples

@Suite("Block channel")
struct BlockChannelTests {
  @Test("A consumer's progress is counted in rows, of finished blocks only")
  func rows() async throws {
    let meter = Meter(stage: "a", unit: "rows", goal: 0)
    let channel = BlockChannel(meter)
    let sender = Task {
      for rows in [3, 5] {
        let builder = try BlockBuilder(dimension: 1, scalar: .float32, firstRow: 0, pool: BlockPool())
        builder.next(rows).labels.update(repeating: 0)
        _ = builder.keep(0..<rows)
        builder.commit(rows, source: "a", firstRow: 0)
        await channel.send(StreamedBlock(block: builder.finish(), position: nil))
      }
      channel.finish()
    }
    var seen: [Int] = []
    for try await streamed in channel {
      seen.append(streamed.block.rows)
      #expect(meter.reading.rows == seen.dropLast().reduce(0, +))
    }
    try await sender.value
    #expect(seen == [3, 5] && meter.reading.rows == 8 && meter.reading.done == 8)
    #expect(meter.waited > 0 && meter.worked > 0)
  }
}
