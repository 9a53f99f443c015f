import Testing

@testable import Geometry
@testable import Moments
@testable import Samples

@Suite("Out-of-distribution mean")
struct OutOfDistributionMeanTests {
  @Test("Classes are weighted by their samples, unless each is to count once")
  func weighted() {
    let table = MomentsTable(means: [[1, 0], [4, 8]], counts: [3, 1])
    #expect(OutOfDistributionMean(table).mean == [1.75, 2])
    var unweighted = OutOfDistributionMean(dimension: 2, .unweighted)
    unweighted.add(table)
    #expect(unweighted.mean == [2.5, 4])
  }

  @Test("Adding run by run gives the whole")
  func runs() throws {
    let table = MomentsTable.random(30, 4, offset: 3)
    var mean = OutOfDistributionMean(dimension: 4)
    for start in stride(from: 0, to: 30, by: 7) {
      let rows = Array(start..<min(start + 7, 30))
      mean.add(
        MomentsTable(
          tokens: rows.map { table.tokens[$0] }, counts: rows.map { table.counts[$0] },
          means: try table.means.selecting(rows), m2: rows.map { table.m2[$0] }))
    }
    #expect(mean.mean == OutOfDistributionMean(table).mean)
  }

  @Test("Cancelling terms are kept, and so are the rounding errors of class means")
  func compensated() {
    #expect(OutOfDistributionMean(MomentsTable(means: [[1e17], [3], [-1e17]], counts: [1, 1, 1])).mean == [1])
    let carried = MomentsTable(
      tokens: [0, 1], counts: [1, 1], means: Matrix([[1e17], [-1e17]]), lowPart: Matrix([[2], [4]]), m2: [0, 0],
      withinScatter: nil)
    #expect(OutOfDistributionMean(carried).mean == [3])
  }

  @Test("Without samples it is zero")
  func nothing() { #expect(OutOfDistributionMean(dimension: 2).mean == [0, 0]) }
}
