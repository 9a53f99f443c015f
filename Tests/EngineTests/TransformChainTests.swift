import TestSupport
import Testing

@testable import Engine
@testable import Samples
@testable import Storage

@Suite("Transforms between a reader and a consumer")
struct TransformChainTests {
  /// Drops labels that are multiples of a number, and adds one to the others.
  private struct Sieve: SampleTransform {
    let divisor: Int32

    func pass(_ sample: SampleInFlight) -> SampleInFlight? {
      guard sample.label % divisor != 0 else { return nil }
      var sample = sample
      sample.label += 1
      return sample
    }
  }

  /// Blocks of 20 000 rows of one feature, which is the row's number.
  private func blocks(_ count: Int) -> [StreamedBlock] {
    (0..<count).map { number in
      let rows = 20_000
      let builder = try! BlockBuilder(dimension: 1, scalar: .float32, firstRow: number * rows)
      let (target, features) = (builder.next(rows), builder.keep(0..<rows))
      for row in 0..<rows {
        target.labels[row] = Int32(number * rows + row)
        target.predictions[row] = Block.noPrediction
        features.storeBytes(of: Float(number * rows + row), toByteOffset: 4 * row, as: Float.self)
      }
      builder.commit(rows, source: "s\(number)", firstRow: 0)
      return StreamedBlock(block: builder.finish(), position: nil)
    }
  }

  private func passed(_ transforms: [any SampleTransform], _ blocks: [StreamedBlock]) throws -> [Block] {
    let chain = TransformChain(transforms, stages: ["sieve"])
    var passed: [Block] = []
    for block in blocks {
      try chain.take(block)
      while let next = chain.next() { passed.append(next.block) }
    }
    while let next = try chain.end() { passed.append(next.block) }
    return passed
  }

  @Test("Rows are packed into full blocks, in order, each with its features, origin and new label")
  func whole() throws {
    let passed = try passed([Sieve(divisor: 3), Sieve(divisor: 5)], blocks(5))
    let expected = (0..<100_000).filter { $0 % 3 != 0 && ($0 + 1) % 5 != 0 }
    #expect(passed.map(\.rows) == [32_768, expected.count - 32_768])
    #expect(passed.map(\.firstRow) == [0, 32_768])
    #expect(passed.flatMap { Array($0.labels) } == expected.map { Int32($0 + 2) })
    #expect(passed.flatMap(\.featureValues) == expected.map(Double.init))
    let last = try #require(passed.last)
    for row in stride(from: 0, to: last.rows, by: 97) {
      let (origin, number) = (last.origin(ofRow: row), expected[32_768 + row])
      #expect(origin.source == "s\(number / 20_000)" && origin.row == number % 20_000)
    }
  }

  @Test("A block whose rows all pass is lent, not copied")
  func lent() throws {
    let blocks = blocks(1)
    let passed = try passed([Sieve(divisor: 1_000_003)], blocks)
    #expect(passed.first?.rowStarts.last != blocks.first?.block.rowStarts.last)
    let all = try self.passed([], blocks)
    #expect(all.first?.rowStarts.last == blocks.first?.block.rowStarts.last)
  }

  @Test("A stream that loses all its rows is an error that names the stages")
  func nothing() {
    let error = #expect(throws: StreamError.self) { try passed([Sieve(divisor: 1)], blocks(2)) }
    #expect(error?.diagnosis.expected.contains("passed on by sieve") == true)
  }
}
