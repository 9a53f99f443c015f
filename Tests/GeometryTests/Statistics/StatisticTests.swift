import Testing

@testable import Geometry
@testable import Moments

@Suite("Statistics alone")
struct StatisticTests {
  private func geometry(_ means: [[Double]], sampling: PairSampling? = nil) throws -> ClassGeometry {
    let table = MomentsTable(means: means)
    var geometry = try ClassGeometry(ClassSelection(table), options: GeometryOptions())
    geometry.pairs = try PairSweep(geometry.means, sampling: sampling, checkCancellation: {})
    return geometry
  }

  private func summary(_ statistic: some PairStatistic, _ geometry: ClassGeometry) throws -> PairSummary {
    let measurements = try statistic.measure(geometry)
    #expect(measurements.map(\.id) == [statistic.id])
    guard case .overPairs(let summary)? = measurements.first?.value else { throw Measures.Absent(id: statistic.id) }
    return summary
  }

  @Test("A statistic over pairs is the mean and deviation of its values: 2, √2 and √2 for (2, 0), (−1, 0) and the like")
  func overPairs() throws {
    // (±1, 0) and (0, ±1): two pairs are 2 apart, four √2.
    let square = try geometry([[1, 0], [-1, 0], [0, 1], [0, -1]])
    let found = try summary(ChordalDistance(), square)
    let (mean, root) = ((4 + 4 * (2.0).squareRoot()) / 6, (2.0).squareRoot())
    #expect(deviation(found.mean, mean) < 1e-15 && found.pairs == 6 && found.standardError == nil)
    #expect(deviation(found.std, ((2 - root) * (2.0).squareRoot() / 3)) < 1e-14)
    #expect(
      try summary(ChordalDistance(), geometry([[1, 0], [-1, 0]], sampling: .init(pairs: 9))).standardError == 0)
  }

  @Test("Classes without a direction are counted only for statistics that lose pairs")
  func zeroNorms() throws {
    let geometry = try geometry([[1, 0], [-1, 0], [0, 0]])
    #expect(try summary(ChordalDistance(), geometry).zeroNorms == 1)
    #expect(try summary(ChordalDistance(), geometry).pairs == 1)
    #expect(try summary(ClassDistanceNormalizedVariance(), geometry).zeroNorms == 0)
    #expect(try summary(ClassDistanceNormalizedVariance(), geometry).pairs == 3)
  }

  @Test("Without the sweep it measures nothing; it says what collapse does")
  func unswept() throws {
    let table = MomentsTable(means: unitVectors(3))
    let geometry = try ClassGeometry(ClassSelection(table), options: GeometryOptions())
    #expect(RieszEnergy().measure(geometry).isEmpty)
    #expect(RieszEnergy.entry.id == "gnc2_riesz1" && RieszEnergy.entry.underCollapse == "minimal, std → 0")
  }
}
