import TestSupport
import Testing

@testable import Moments
@testable import Samples

@Suite("Moments tables")
struct MomentsTableTests {
  @Test("Sizes and the trace of Σ_W follow from the columns: three classes by hand")
  func byHand() {
    let table = MomentsTable(
      tokens: [2, 5, 6], counts: [1, 4, 3], means: Matrix(rows: 3, columns: 2, elements: [0, 1, 2, 3, 4, 5]),
      m2: [0, 9, 3], withinScatter: nil)
    #expect(table.classes == 3 && table.dimension == 2 && table.samples == 8)
    #expect(table.withinTrace == 1.5)
  }

  @Test("The trace of Σ_W is that of the scatter, divided by all samples")
  func trace() throws {
    // Residuals ±(1, 2) about one mean and ±(3, 0) about the other.
    let moments = ClassMoments(dimension: 2, within: .pooled)
    try moments.fold(block([4, 4, 1, 1], [[6, 7], [4, 3], [3, 9], [-3, 9]] as [[Double]], .float64))
    let table = try moments.table
    #expect(table.withinScatter?.elements == [20, 4, 4, 8])
    #expect(table.withinTrace == 7)
  }

  @Test("A table without samples has no trace")
  func empty() throws {
    let table = MomentsTable(tokens: [], counts: [], means: try Matrix(rows: 0, columns: 3), m2: [], withinScatter: nil)
    #expect(table.samples == 0 && table.classes == 0 && table.dimension == 3 && table.withinTrace == 0)
  }

  private func rows(m2: [Double] = [0, 1], means: [Double] = [1, 2, 3, 4]) -> MomentsTable {
    MomentsTable(
      tokens: [3, 7], counts: [1, 2], means: Matrix(rows: 2, columns: 2, elements: means), m2: m2)
  }

  @Test("Moments out of the range of doubles are refused by the first such token")
  func finite() throws {
    try rows(m2: [0, .greatestFiniteMagnitude], means: [1, 2, 3, -.greatestFiniteMagnitude]).checkFinite()
    for (bad, token) in [
      (rows(m2: [0, .infinity]), 7), (rows(m2: [.nan, .nan]), 3), (rows(means: [1, 2, 3, .infinity]), 7),
      (rows(means: [1, -.infinity, 3, 4]), 3), (rows(m2: [0, .infinity], means: [.nan, 2, 3, 4]), 3),
    ] {
      let error = #expect(throws: MomentsError.self) { try bad.checkFinite() }
      #expect(error?.kind == .overflow && error?.diagnosis.position == "class of token \(token)")
    }
  }
}
