import TestSupport
import Testing

@testable import Samples
@testable import Support

@Suite("Block pool")
struct BlockPoolTests {
  /// A finished block of two rows with that dimension, all features `value`.
  private func block(_ pool: BlockPool, dimension: Int = 3, value: Double = 0) -> Block {
    let builder = try! BlockBuilder(dimension: dimension, scalar: .float64, firstRow: 0, pool: pool)
    let target = builder.next(2)
    for row in 0..<2 { target.labels[row] = Int32(row) }
    let features = builder.keep(0..<2).bindMemory(to: Double.self)
    for index in features.indices { features[index] = value }
    builder.commit(2, source: "a", firstRow: 0)
    return builder.finish()
  }

  private func address(_ block: Block) -> UInt {
    withExtendedLifetime(block) { UInt(bitPattern: block.rowStarts[0]) }
  }

  @Test("A new block takes over the memory of a finished one")
  func recycled() {
    let pool = BlockPool()
    let first = address(block(pool))
    #expect(address(block(pool)) == first)
    #expect(address(block(pool)) == first)
  }

  @Test("Blocks in use at the same time share no memory")
  func apart() {
    let pool = BlockPool()
    for _ in 0..<3 {
      let blocks = (0..<4).map { block(pool, value: Double($0)) }
      #expect(Set(blocks.map(address)).count == 4)
      for (index, block) in blocks.enumerated() {
        withExtendedLifetime(block) {
          #expect(block.featureValues.allSatisfy { $0 == Double(index) })
        }
      }
    }
  }

  @Test("A block of another dimension has room for its own rows, back and forth")
  func otherDimension() throws {
    let pool = BlockPool()
    for dimension in [3, 20_000, 3, 1, 20_000, 20_000] {
      let builder = try BlockBuilder(dimension: dimension, scalar: .float64, firstRow: 0, pool: pool)
      let capacity = Block.capacity(dimension: dimension, scalar: .float64)
      #expect(builder.room == capacity)
      let target = builder.next(capacity)
      builder.keep(0..<capacity).initializeMemory(as: UInt8.self, repeating: 1)
      target.labels.initialize(repeating: 7)
      builder.commit(capacity, source: "a", firstRow: 0)
      _ = builder.finish()
    }
  }

  @Test("A recycled block keeps nothing of the last one: no rows, no origins, no predictions")
  func fresh() throws {
    let pool = BlockPool()
    do {
      let builder = try BlockBuilder(dimension: 3, scalar: .float64, firstRow: 5, pool: pool)
      _ = builder.keep(0..<9)
      builder.commit(9, source: "a", firstRow: 5)
      builder.carryPredictions()
      _ = builder.finish()
    }
    let block = try BlockBuilder(dimension: 3, scalar: .float64, firstRow: 14, pool: pool).finish()
    #expect(block.rows == 0 && block.firstRow == 14 && block.origins.isEmpty && !block.hasPredictions)
  }

  @Test("A block outlives the variable of its pool")
  func outlives() {
    var pool: BlockPool? = BlockPool()
    let kept = pool.map { block($0, value: 4) }
    pool = nil
    if let kept { withExtendedLifetime(kept) { #expect(kept.featureValues.last == 4) } }
  }

  @Test("Many threads take and return blocks at once")
  func threads() {
    let pool = BlockPool()
    WorkerThreads(8).run(200) { piece in
      let block = block(pool, value: Double(piece))
      withExtendedLifetime(block) {
        #expect(block.featureValues.allSatisfy { $0 == Double(piece) })
      }
    }
  }
}
