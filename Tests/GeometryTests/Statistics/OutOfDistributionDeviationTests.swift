import Testing

@testable import Geometry
@testable import Moments

@Suite("Out-of-distribution deviation")
struct OutOfDistributionDeviationTests {
  private func measure(_ means: [[Double]], _ foreign: [[Double]], counts: [Int]? = nil) throws -> Measures {
    try Measures(
      of: ClassSelection(MomentsTable(means: means)),
      outOfDistribution: OutOfDistributionMean(MomentsTable(means: foreign, counts: counts))
    )
  }

  @Test("Means at a right angle to the out-of-distribution mean have 0, along it 1, in either direction")
  func extremes() throws {
    #expect(try measure([[1, 0, 0], [0, 3, 0]], [[0, 0, 2]]).scalar("nc5_ood_deviation") == 0)
    #expect(try measure([[2, 0], [-5, 0]], [[3, 0]]).scalar("nc5_ood_deviation") == 1)
  }

  @Test("A closed form: cosines 3/5 and −4/5 with the weighted mean of the out-of-distribution classes")
  func closedForm() throws {
    let measures = try measure([[3, 4], [-4, 3]], [[2, 0], [6, 0]], counts: [3, 1])
    #expect(deviation(try measures.scalar("nc5_ood_deviation"), 0.7) < 1e-15)
    #expect(measures["nc5_zero_norms"] == nil)
  }

  @Test("Random classes agree with the definition, one by one")
  func random() throws {
    let (table, foreign) = (MomentsTable.random(50, 7, offset: 0.3), MomentsTable.random(20, 7, offset: -1, seed: 4))
    let samples = Double(foreign.counts.reduce(0, +))
    let mean = (0..<7).map { j in
      foreign.means.vectors.enumerated().reduce(0) { $0 + Double(foreign.counts[$1.offset]) * $1.element[j] } / samples
    }
    let cosines = table.means.vectors.map { abs(inner($0, mean)) / (norm($0) * norm(mean)) }
    let found = try Measures(of: ClassSelection(table), outOfDistribution: OutOfDistributionMean(foreign))
    #expect(deviation(try found.scalar("nc5_ood_deviation"), cosines.reduce(0, +) / 50) < 1e-13)
  }

  @Test("Means of length zero are left out and counted; an out-of-distribution mean of zero leaves nothing")
  func zero() throws {
    let measures = try measure([[0, 0], [1, 0], [0, 0]], [[1, 0]])
    #expect(try measures.scalar("nc5_ood_deviation") == 1)
    #expect(measures["nc5_zero_norms"]?.value == .count(2))
    #expect(try measure([[1, 0], [0, 1]], [[1, 0], [-1, 0]]).scalar("nc5_ood_deviation") == nil)
  }

  @Test("Without an out-of-distribution state it is absent; with another dimension it is bad input")
  func absent() throws {
    #expect(try MomentsTable(means: [[1, 0], [0, 1]]).measure()["nc5_ood_deviation"] == nil)
    #expect(throws: GeometryError.outOfDistributionDimension(expected: 2, found: 3)) {
      try measure([[1, 0], [0, 1]], [[1, 0, 0]])
    }
  }
}
