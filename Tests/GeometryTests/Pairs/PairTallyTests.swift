import Testing

@testable import Geometry

@Suite("Tallies of pairs")
struct PairTallyTests {
  private func pairs(_ values: [Double]) -> [Pair] {
    values.map { Pair(squaredDistance: $0, variances: 0, cosine: 0, chord: 0) }
  }

  @Test("Infinite values and missing ones are counted, the others averaged")
  func sorting() {
    let tally = PairTally(pairs([1, .infinity, 3, .nan, -.infinity])) { $0.squaredDistance }
    #expect(tally.spread == Spread([1, 3]))
    #expect(tally.infinitePairs == 2)
    #expect(tally.undefinedPairs == 1)
  }

  @Test("Merging adds up")
  func merging() {
    var tally = PairTally(pairs([1, .infinity])) { $0.squaredDistance }
    tally.merge(PairTally(pairs([3, .nan])) { $0.squaredDistance })
    #expect(tally == PairTally(pairs([1, .infinity, 3, .nan])) { $0.squaredDistance })
  }
}
