import Testing

@testable import Geometry

@Suite("Spread")
struct RunningVarianceTests {
  @Test("1, 2, 3, 4 have mean 2.5 and squares 5 about it")
  func small() {
    let spread = RunningVariance([1, 2, 3, 4])
    #expect(spread.count == 4)
    #expect(spread.mean == 2.5)
    #expect(spread.m2 == 5)
    #expect(spread.populationDeviation == 1.25.squareRoot())
    #expect(spread.sampleDeviation == (5.0 / 3).squareRoot())
  }

  @Test("Without numbers there is no deviation, and with one no sample deviation")
  func few() {
    #expect(RunningVariance([Double]()).populationDeviation == nil)
    #expect(RunningVariance([3]).populationDeviation == 0)
    #expect(RunningVariance([3]).sampleDeviation == nil)
  }

  @Test("Sums about a shift give the same result")
  func shifted() {
    let values = [1.0, 2, 3, 4]
    let sums = values.reduce((0.0, 0.0)) { ($0.0 + ($1 - 3), $0.1 + ($1 - 3) * ($1 - 3)) }
    #expect(RunningVariance(count: 4, shift: 3, sum: sums.0, squares: sums.1) == RunningVariance(values))
    #expect(RunningVariance(count: 0, shift: 3, sum: 0, squares: 0) == RunningVariance())
  }

  @Test("Merging two gives the spread of both together")
  func merging() {
    var merged = RunningVariance([1, 2])
    merged.merge(RunningVariance([3, 4]))
    #expect(merged == RunningVariance([1, 2, 3, 4]))
    merged.merge(RunningVariance())
    #expect(merged == RunningVariance([1, 2, 3, 4]))
    var empty = RunningVariance()
    empty.merge(merged)
    #expect(empty == merged)
  }

  @Test("An offset that dwarfs the deviation does not hide it")
  func offset() {
    var merged = RunningVariance()
    for part in 0..<100 { merged.merge(RunningVariance((0..<10).map { 1e9 + Double(10 * part + $0) })) }
    #expect(deviation(merged.m2, 1000.0 * (1000 * 1000 - 1) / 12) < 1e-12)
  }
}
