import TestSupport
import Testing

@testable import Samples

@Suite("Block builder")
struct BlockBuilderTests {
  /// Appends rows whose features are all `value`, with their number in the block as label and prediction.
  private func append(
    _ values: [Double], to builder: borrowing BlockBuilder, source: String = "a", firstRow: Int = 0
  ) {
    let target = builder.next(values.count)
    let features = builder.keep(0..<values.count).bindMemory(to: Double.self)
    for (row, value) in values.enumerated() {
      target.labels[row] = Int32(builder.rows + row)
      target.predictions[row] = Int32(100 + builder.rows + row)
      for feature in 0..<builder.dimension { features[row * builder.dimension + feature] = value }
    }
    builder.commit(values.count, source: source, firstRow: firstRow)
  }

  /// Copies of a block's contents, taken while it is alive, because its buffers go with it.
  private func rows(of block: Block) -> [[Double]] {
    let features = block.featureValues
    return (0..<block.rows).map { row in Array(features[row * block.dimension..<(row + 1) * block.dimension]) }
  }

  private func labels(of block: Block) -> [Int32] { withExtendedLifetime(block) { Array(block.labels) } }

  private func predictions(of block: Block) -> [Int32]? {
    withExtendedLifetime(block) { block.predictions.map(Array.init) }
  }

  @Test("Rows come out as they went in")
  func roundTrip() throws {
    let builder = try BlockBuilder(dimension: 2, scalar: .float64, firstRow: 1_000)
    let capacity = Block.capacity(dimension: 2, scalar: .float64)
    #expect(builder.room == capacity && builder.rowBytes == 16)
    append([1, 2, 3], to: builder)
    append([4], to: builder, firstRow: 3)
    #expect(builder.rows == 4 && builder.room == capacity - 4)
    let block = builder.finish()
    #expect(block.firstRow == 1_000 && block.rows == 4)
    #expect(labels(of: block) == [0, 1, 2, 3])
    #expect(rows(of: block) == [[1, 1], [2, 2], [3, 3], [4, 4]])
  }

  @Test("A block can be filled to its last row")
  func full() throws {
    let builder = try BlockBuilder(dimension: 1 << 17, scalar: .float64, firstRow: 0)
    let capacity = builder.room
    #expect(capacity == 64)
    append((0..<capacity).map(Double.init), to: builder)
    #expect(builder.room == 0)
    let block = builder.finish()
    #expect(rows(of: block).map(\.last) == (0..<capacity).map { Double($0) })
  }

  @Test("Predictions exist only if they were announced")
  func someCarryPredictions() throws {
    let without = try BlockBuilder(dimension: 1, scalar: .float64, firstRow: 0)
    append([1], to: without)
    #expect(predictions(of: without.finish()) == nil)

    let with = try BlockBuilder(dimension: 1, scalar: .float64, firstRow: 0)
    append([1, 2], to: with)
    with.carryPredictions()
    #expect(predictions(of: with.finish()) == [100, 101])
  }

  @Test("Consecutive rows of one source make one origin; a gap or another source makes another")
  func origins() throws {
    let builder = try BlockBuilder(dimension: 1, scalar: .float64, firstRow: 0)
    append([0, 0], to: builder, source: "a", firstRow: 7)
    append([0], to: builder, source: "a", firstRow: 9)
    append([0], to: builder, source: "a", firstRow: 11)
    append([0, 0], to: builder, source: "b", firstRow: 12)
    append([], to: builder, source: "c", firstRow: 0)
    let block = builder.finish()
    #expect(
      block.origins == [
        RowOrigin(source: "a", firstRow: 7, offset: 0), RowOrigin(source: "a", firstRow: 11, offset: 3),
        RowOrigin(source: "b", firstRow: 12, offset: 4),
      ])
    let places = (0..<6).map { block.origin(ofRow: $0) }
    #expect(places.map(\.source) == ["a", "a", "a", "a", "b", "b"])
    #expect(places.map(\.row) == [7, 8, 9, 11, 12, 13])
  }

  @Test("Without an origin, a row is named by its number in the stream")
  func noOrigin() throws {
    let block = try BlockBuilder(dimension: 1, scalar: .float64, firstRow: 40).finish()
    #expect(block.origin(ofRow: 2) == ("", 42))
  }

  @Test("Rows lent from other memory, at any byte, are read in place, and their owner lives with the block")
  func lent() throws {
    /// Memory for rows, with a callback that reports its end.
    final class Owner: @unchecked Sendable {
      // Written before it is lent, and only read after that.
      let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 + 4 * 16, alignment: 16)
      deinit { bytes.deallocate() }
    }
    weak var alive: Owner?
    var kept: Block?
    do {
      let owner = Owner()
      alive = owner
      for row in 0..<4 {
        for feature in 0..<2 {
          owner.bytes.storeBytes(
            of: row == 2 ? .nan : Double(10 + row), toByteOffset: 1 + row * 16 + feature * 8, as: Double.self)
        }
      }
      let start = try #require(UnsafeRawPointer(owner.bytes.baseAddress)) + 1
      let builder = try BlockBuilder(dimension: 2, scalar: .float64, firstRow: 0)
      append([1], to: builder)
      let target = builder.next(5)
      for row in 0..<5 { target.labels[row] = Int32(1 + row) }
      builder.lend(0..<4, at: start, from: owner)
      let own = builder.keep(4..<5).bindMemory(to: Double.self)
      own[0] = 7
      own[1] = 8
      builder.commit(5, source: "a", firstRow: 1)
      #expect(builder.dropNonfiniteRows() == 1)
      kept = builder.finish()
    }
    #expect(alive != nil)
    #expect(try rows(of: #require(kept)) == [[1, 1], [10, 10], [11, 11], [13, 13], [7, 8]])
    #expect(try labels(of: #require(kept)) == [0, 1, 2, 4, 5])
    kept = nil
    #expect(alive == nil)
  }

  @Test("The first non-finite row is found, from any row on")
  func firstNonfiniteRow() throws {
    let builder = try BlockBuilder(dimension: 3, scalar: .float64, firstRow: 0)
    append([0, 1, .nan, 3, -.infinity, 5], to: builder)
    let block = builder.finish()
    #expect(block.firstNonfiniteRow() == 2)
    #expect(block.firstNonfiniteRow(from: 2) == 2)
    #expect(block.firstNonfiniteRow(from: 3) == 4)
    #expect(block.firstNonfiniteRow(from: 5) == nil)
    #expect(block.firstNonfiniteRow(from: 6) == nil)
  }

  @Test("One non-finite feature makes its row non-finite, at every position of the row")
  func anyFeature() throws {
    for dimension in [1, 2, 15, 16, 17] {
      for feature in 0..<dimension {
        let builder = try BlockBuilder(dimension: dimension, scalar: .float64, firstRow: 0)
        let features = builder.keep(0..<3).bindMemory(to: Double.self)
        for index in features.indices { features[index] = 1 }
        features[dimension + feature] = .nan
        builder.commit(3, source: "a", firstRow: 0)
        #expect(builder.finish().firstNonfiniteRow() == 1)
      }
    }
  }

  @Test("Every combination of non-finite rows among six is dropped, and the others keep their order and labels")
  func everySubsetDropped() throws {
    for choice in 0..<64 {
      let bad = (0..<6).filter { choice >> $0 & 1 == 1 }
      let builder = try BlockBuilder(dimension: 2, scalar: .float64, firstRow: 0)
      builder.carryPredictions()
      append((0..<6).map { bad.contains($0) ? ($0 % 2 == 0 ? .nan : .infinity) : Double($0) }, to: builder)
      #expect(builder.dropNonfiniteRows() == bad.count)
      let kept = (0..<6).filter { !bad.contains($0) }
      let block = builder.finish()
      #expect(block.rows == kept.count)
      #expect(labels(of: block) == kept.map { Int32($0) })
      #expect(predictions(of: block) == kept.map { Int32(100 + $0) })
      #expect(rows(of: block) == kept.map { [Double($0), Double($0)] })
    }
  }

  @Test("Rows left after others were dropped still know where they come from")
  func originsAfterDropping() throws {
    let builder = try BlockBuilder(dimension: 1, scalar: .float32, firstRow: 0)
    for (source, features) in [("a", [0, .nan, 2]), ("b", [.nan, 4, 5, .nan, 7])] as [(String, [Float])] {
      let target = builder.next(features.count)
      features.withUnsafeBytes { builder.keep(0..<features.count).copyMemory(from: $0) }
      for row in features.indices { target.labels[row] = 0 }
      builder.commit(features.count, source: source, firstRow: 10)
    }
    #expect(builder.dropNonfiniteRows() == 3)
    let block = builder.finish()
    let places = (0..<5).map { block.origin(ofRow: $0) }
    #expect(places.map(\.source) == ["a", "a", "b", "b", "b"])
    #expect(places.map(\.row) == [10, 12, 11, 12, 14])
  }
}
