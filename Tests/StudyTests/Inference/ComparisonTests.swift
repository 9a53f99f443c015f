import Testing

@testable import Study

@Suite("Comparison of properties with a target")
struct ComparisonTests {
  private struct Stopped: Error {}

  /// Mutually orthogonal columns of ±1, each with sum 0.
  private let a: [Double] = [1, 1, 1, 1, -1, -1, -1, -1]
  private let b: [Double] = [1, 1, -1, -1, 1, 1, -1, -1]
  private let c: [Double] = [1, -1, 1, -1, 1, -1, 1, -1]

  private func finding(
    _ values: [Double?], target: [Double?], given: [[Double?]] = [], of rows: [Int]? = nil,
    _ change: (inout StudyOptions) -> Void = { _ in }
  ) throws -> Finding {
    var options = StudyOptions()
    (options.permutations, options.bootstrap) = (50, 0)
    change(&options)
    return try Comparison(target: target, given: given, options) {}
      .findings([Property("x")], [values], of: rows ?? Array(target.indices))[0]
  }

  private func sum(_ columns: [Double]...) -> [Double] {
    columns[0].indices.map { row in columns.reduce(0.0) { sum, column in sum + column[row] } }
  }

  @Test("On a line r is ±1 even with few rows, and p is one in T + 1 if no shuffle reaches it")
  func line() throws {
    let (x, y) = ((1...8).map { Double($0) }, (1...8).map { 5 - 2 * Double($0) })
    let found = try finding(x, target: y)
    let correlation = try #require(found.correlation)
    #expect(abs(correlation.pearson + 1) < 1e-14 && abs(correlation.slope + 2) < 1e-14)
    // Two of 8! shuffles are on a line.
    #expect(found.p == 1.0 / 51 && found.n == 8 && found.remarks.isEmpty && found.interval == nil)
    #expect(found.logSlope == nil && found.semilogSlope != nil && found.adjustedP == nil && found.partial == nil)
  }

  @Test("Only the requested rows that have both numbers are compared")
  func rows() throws {
    let found = try finding(
      [9, 1, 2, nil, 3, 0, nil, 7], target: [0, 2, 4, 6, 6, nil, nil, 8], of: [1, 2, 3, 4, 5, 6])
    #expect(found.n == 3 && found.values == [1, 2, nil, 3, 0, nil])
    #expect(abs((found.correlation?.slope ?? 0) - 2) < 1e-14)
    #expect(
      found.remarks == [
        "2 models left out: target missing or not finite",
        "1 model left out: property missing or not finite",
      ])
  }

  @Test("Partial correlation is that of residuals: 1/√2 for a and a + b, both with c added, given c")
  func partial() throws {
    let found = try finding(sum(a, c), target: sum(a, b, c), given: [c])
    #expect(abs((found.correlation?.pearson ?? 0) - 2 / (6.0).squareRoot()) < 1e-14)
    #expect(abs((found.partial ?? 0) - (0.5).squareRoot()) < 1e-14)
    #expect(found.partialP != nil)
    // c twice, and a constant, remove nothing more.
    let again = try finding(sum(a, c), target: sum(a, b, c), given: [c, c.map { 3 - 2 * $0 }, a.map { _ in 1 }])
    #expect(abs((again.partial ?? 0) - (0.5).squareRoot()) < 1e-14)
    #expect(again.remarks.contains("given columns that the others determine: 2"))
  }

  @Test("Rows that lack a given column are left out of the partial correlation only")
  func lacking() throws {
    var given: [Double?] = c
    (given[0], given[7]) = (nil, nil)
    let found = try finding(sum(a, c), target: sum(a, b, c), given: [given])
    #expect(found.n == 8 && found.remarks.first == "partial over 6 models: the others lack a given value")
    let none = try finding(sum(a, c), target: sum(a, b, c), given: [sum(a, c)])
    #expect(none.partial == nil && none.partialP == nil && none.correlation != nil)
    #expect(none.remarks.first == "partial undefined: too few models, or the given columns explain everything")
  }

  @Test(
    "Ties are reported for both sides, and why there is no correlation: rows first, then the property, then the target")
  func remarks() throws {
    #expect(
      try finding([1, 2, 2, 3], target: [1, 2, 3, 4]).remarks == ["ties: 3 distinct values of the property among 4"])
    #expect(try finding([1, 1], target: [1, 1]).undefined == "fewer than 3 models")
    #expect(
      try finding([1, 1, 1], target: [1, 1, 1]).undefined == "the property is the same for all models, or too large")
    #expect(
      try finding([1, 2, 3], target: [1, 1, 1]).remarks == [
        "undefined: the target is the same for all models, or too large"
      ])
    #expect(try finding([1, 2, 3], target: [1, 1, 1]).p == nil)
  }

  @Test("Holm's correction covers all properties, if requested")
  func holm() throws {
    var options = StudyOptions()
    (options.permutations, options.bootstrap, options.holm) = (50, 0, true)
    let x = (1...8).map { Double($0) }
    let found = try Comparison(target: x, given: [], options) {}
      .findings([Property("x"), Property("y"), Property("z")], [x, x.map { _ in 1 }, x.map { -$0 }], of: Array(0..<8))
    #expect(found.map(\.adjustedP) == [2.0 / 51, nil, 2.0 / 51])
  }

  @Test("An error thrown by the checkpoint ends it")
  func stopped() {
    #expect(throws: Stopped.self) {
      try Comparison(target: a, given: [], StudyOptions()) { throw Stopped() }
        .findings([Property("x")], [b], of: Array(0..<8))
    }
  }

  @Test("Numbers of models have the right plural")
  func words() {
    #expect([0, 1, 2].map(\.models) == ["0 models", "1 model", "2 models"])
  }
}
