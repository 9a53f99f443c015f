import TestSupport
import Testing

@testable import Study

@Suite("Correlation")
struct CorrelationTests {
  @Test("r, ρ, slope and intercept agree with SciPy, with ties and without, near 0 and far from it")
  func scipy() throws {
    for table in try SciPy.read().tables {
      let found = try #require(Correlation(table.x, table.y))
      #expect(abs(found.pearson - table.pearson) < 1e-9)
      #expect(abs(found.spearman - table.spearman) < 1e-12)
      #expect(Golden.deviation(found.slope, table.slope) < 1e-6)
      #expect(Golden.deviation(found.intercept, table.intercept) < 1e-6)
    }
  }

  @Test("Points on a line have r of 1 or −1, and that line")
  func line() throws {
    let up = try #require(Correlation([1, 2, 4], [3, 5, 9]))
    #expect(abs(up.pearson - 1) < 1e-15 && abs(up.spearman - 1) < 1e-15)
    #expect(abs(up.slope - 2) < 1e-14 && abs(up.intercept - 1) < 1e-14)
    let down = try #require(Correlation([1, 2, 4], [-3, -5, -9]))
    #expect(abs(down.pearson + 1) < 1e-15 && abs(down.r2 - 1) < 1e-15)
  }

  @Test("r is the same in any unit, up to the largest doubles whose mean is finite")
  func units() throws {
    let (x, y) = ([1.0, 2, 4, 3], [2.0, 1, 3, 7])
    let r = try #require(Correlation(x, y)).pearson
    for scale in [1e-300, 1e-20, 1e200, 1e300] {
      #expect(abs(try #require(Correlation(x.map { $0 * scale }, y)).pearson - r) < 1e-14)
    }
  }

  @Test("Fewer than three pairs, and numbers that are all equal, have none")
  func undefined() {
    #expect(Correlation([1, 2], [3, 4]) == nil)
    #expect(Correlation([1, 1, 1], [1, 2, 3]) == nil)
    #expect(Correlation([1, 2, 3], [0.1, 0.1, 0.1]) == nil)
    #expect(Correlation([-1.7e308, 1.7e308, 1.7e308], [1, 2, 3]) == nil)
  }

  @Test("The slope between logarithms is the exponent of a power, and needs positive numbers")
  func exponent() throws {
    let slope = try #require(Correlation.logarithmicSlope([1, 2, 4, 8], [3, 12, 48, 192]))
    #expect(abs(slope - 2) < 1e-14)
    #expect(Correlation.logarithmicSlope([0, 1, 2], [1, 2, 3]) == nil)
    #expect(Correlation.logarithmicSlope([1, 2, 3], [1, -2, 3]) == nil)
    #expect(Correlation.semilogarithmicSlope([1, 2, 3], [1, -2, 3]) != nil)
  }
}
