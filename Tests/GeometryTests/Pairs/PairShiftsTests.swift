import CollapseKernels
import Foundation
import Testing

@testable import Geometry
@testable import Moments

@Suite("Numbers near the pair statistics")
struct PairShiftsTests {
  private func shift(_ statistic: any PairStatistic, _ means: CentredMeans) -> Double {
    PairShifts(means).values[statistic.slot]
  }

  @Test("For two classes they are the values of their one pair")
  func two() throws {
    // Distance 5, variances 6/2 and 4/2; opposite directions.
    let means = try MomentsTable(means: [[1, 2], [4, 6]], m2: [6, 4]).centred()
    let expected: [(any PairStatistic, Double)] = [
      (ClassDistanceNormalizedVariance(), 0.1), (FourthPowerClassDistanceNormalizedVariance(), 0.004),
      (Interference(), -1),
      (AbsoluteInterference(), 1), (LogarithmicEnergy(), -log(2)), (ChordalDistance(), 2), (RieszEnergy(), 0.5),
    ]
    for (statistic, wanted) in expected { #expect(abs(shift(statistic, means) - wanted) < 1e-14) }
  }

  @Test("About half of all pairs are below, for each statistic")
  func median() throws {
    let means = try MomentsTable.random(60, 4).centred()
    for statistic in Statistics.overPairs {
      let shift = shift(statistic, means)
      var (below, pairs) = (0, 0)
      for a in 0..<60 {
        for b in 0..<a {
          let product = inner(Array(means.centred[row: a]), Array(means.centred[row: b]))
          pairs += 1
          if statistic.value(means.pair(a, b, inner: product)) < shift { below += 1 }
        }
      }
      // Five standard deviations of the median's rank among 1 024.
      #expect(abs(Double(below) / Double(pairs) - 0.5) < 5 * 0.5 / 32, "\(statistic.id)")
    }
  }

  @Test("They are 0 without pairs, and for statistics that no pair has")
  func none() throws {
    let none = [Double](repeating: 0, count: COLLAPSE_PAIR_STATISTICS)
    #expect(PairShifts(try MomentsTable(means: [[1, 2]]).centred()).values == none)
    let same = try MomentsTable(means: [[1, 2], [1, 2]]).centred()
    // Identical means: CDNV is infinite, and there are no directions.
    #expect(PairShifts(same).values == none)
  }
}
