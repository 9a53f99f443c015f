import Testing

@testable import Study

@Suite("Partial correlation")
struct PartialCorrelationTests {
  @Test("It is the correlation of least-squares residuals")
  func scipy() throws {
    for table in try SciPy.read().tables {
      let found = try #require(PartialCorrelation(table.x, table.y, given: table.given))
      #expect(abs(found.r - table.partial) < 1e-8)
    }
  }

  @Test("Redundant columns, constants included, change nothing and are counted")
  func redundant() throws {
    let table = try #require(try SciPy.read().tables.first { $0.x.count == 21 })
    let given = table.given + [table.given[0].map { 3 * $0 - 2 }, Array(repeating: 5, count: 21)]
    #expect(PartialCorrelation.redundant(given) == 2)
    #expect(PartialCorrelation.redundant(table.given) == 0)
    let found = try #require(PartialCorrelation(table.x, table.y, given: given))
    #expect(abs(found.r - table.partial) < 1e-12)
  }

  @Test("Nothing remains of a sum of the columns, or with too few rows")
  func undefined() {
    let (x, y) = ([1.0, 2, 4, 3, 7], [2.0, 1, 3, 7, 5])
    #expect(PartialCorrelation(x, y, given: [x.map { 2 * $0 + 1 }]) == nil)
    #expect(PartialCorrelation(x, y, given: [y]) == nil)
    #expect(PartialCorrelation([1, 2, 4], [2, 1, 3], given: [[1, 0, 0]]) == nil)
  }
}
