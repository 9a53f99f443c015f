import CollapseKernels
import Testing

@testable import Geometry
@testable import Moments

@Suite("Statistics over pairs")
struct PairStatisticTests {
  @Test("The kernel sums in each slot the statistic of that slot")
  func kernel() throws {
    // One regular pair of three classes; the third makes all of them add up to zero.
    let means = try MomentsTable(means: [[4, 1], [-1, 2], [-3, -3]], m2: [3, 5, 1]).centred()
    let (panels, scratch) = (try ClassPanels(means, threads: 1), PairTileScratch(tile: 8))
    panels.multiply(0..<2, 0..<2, into: scratch.product)
    let found = scratch.run(
      .init(
        inner: scratch.product, stride: 8, is_diagonal: 1, rows: panels.classes(0..<2), columns: panels.classes(0..<2),
        simplex: means.simplexCosine),
      shifts: [Double](repeating: 0, count: COLLAPSE_PAIR_STATISTICS))
    #expect(found.pairs == 1)
    // ⟨(4, 1), (−1, 2)⟩ = −2.
    let pair = means.pair(0, 1, inner: -2)
    for statistic in Statistics.overPairs {
      #expect(deviation(found.sums[statistic.slot], statistic.value(pair)) < 1e-14, "\(statistic.id)")
    }
  }

  @Test(
    "In a simplex, statistics of directions are the same for all pairs; CDNV does not depend on directions alone")
  func collapsed() throws {
    for k in [2, 3, 17] {
      let measures = try MomentsTable(means: unitVectors(k)).measure()
      for statistic in Statistics.drawnOverPairs where statistic.axis.isLogarithmic == false {
        let value = try #require(Statistics.collapsed(statistic.id, classes: k))
        #expect(abs(value - (try #require(try measures.pairs(statistic.id).mean))) < 1e-14, "\(statistic.id)")
      }
    }
    #expect(
      Statistics.collapsed("nc1_cdnv", classes: 5) == nil && Statistics.collapsed("nc2_interference", classes: 1) == nil
    )
    #expect(Statistics.collapsed("nc2_norm", classes: 5) == nil && Statistics.axis("nc2_norm") == nil)
  }
}
