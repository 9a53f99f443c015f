import Testing

@testable import Geometry
@testable import Moments

@Suite("Summaries over pairs")
struct PairSummaryTests {
  private func summary(_ values: [Double]) -> PairSummary {
    let pairs = values.map { Pair(squaredDistance: $0, variances: 0, cosine: 0, chord: 0) }
    return PairSummary(PairAccumulator(pairs) { $0.squaredDistance }, zeroNorms: 4)
  }

  @Test("The deviation is the population deviation")
  func population() { #expect(summary([1, 3]).json == ["mean": .number(2), "std": .number(1)]) }

  @Test("Pairs left out are named only if there are some")
  func leftOut() {
    #expect(
      summary([1, .infinity, .nan]).json
        == ["mean": .number(1), "std": .number(0), "infinite_pairs": .integer(1), "zero_norms": .integer(4)])
  }

  @Test("For a mean and a deviation, the pairs are those of the directions, and classes without one are named")
  func ofDirections() throws {
    let means = try MomentsTable(means: [[1, 0], [-1, 0], [0, 0]]).centred()
    let summary = PairSummary(mean: -1, std: 0, directionsOf: means)
    #expect(summary.pairs == 1)
    #expect(summary.json == ["mean": .number(-1), "std": .number(0), "zero_norms": .integer(1)])
    let single = try MomentsTable(means: [[1, 2]]).centred()
    #expect(PairSummary(mean: nil, std: nil, directionsOf: single).json == ["mean": .null, "std": .null])
  }

  @Test("Without pairs there is no mean")
  func none() { #expect(summary([]).json == ["mean": .null, "std": .null]) }
}
