import Testing

@testable import Geometry
@testable import Moments
@testable import Samples

@Suite("Class filter")
struct ClassFilterTests {
  let table = MomentsTable(
    tokens: [2, 5, 9, 11], counts: [1, 4, 3, 8], means: Matrix([[1, 0], [0, 1], [1, 1], [2, 1]]), m2: [0, 4, 3, 1],
    withinScatter: nil)

  @Test("Each condition selects, and so do all of them together")
  func conditions() throws {
    func tokens(_ filter: ClassFilter) throws -> [Int32] { try ClassSelection(table, filter).tokens }
    #expect(try tokens(ClassFilter()) == [2, 5, 9, 11])
    #expect(try tokens(ClassFilter(minCount: 3)) == [5, 9, 11])
    #expect(try tokens(ClassFilter(maxCount: 4)) == [2, 5, 9])
    #expect(try tokens(ClassFilter(tokens: [11, 2, 400])) == [2, 11])
    #expect(try tokens(ClassFilter(minCount: 2, maxCount: 4, tokens: [2, 5, 11])) == [5])
  }

  @Test("Measures of selected classes equal those of a table of their means, except N and Σ_W")
  func measured() throws {
    let table = MomentsTable.random(40, 6)
    let chosen = table.tokens.indices.filter { table.counts[$0] <= 5 }
    let part = MomentsTable(
      tokens: chosen.map { table.tokens[$0] }, counts: chosen.map { table.counts[$0] },
      means: try table.means.selecting(chosen), m2: chosen.map { table.m2[$0] }, withinScatter: nil)
    let selected = try table.measure(ClassFilter(maxCount: 5))
    let alone = try part.measure()
    // A class of one sample takes its spread from the whole state.
    let ofSamples: Set = [
      "tokens", "within_trace", "nc1_quotient", "nc1_pinv", "nc1_svd", "noise_share", "within_trace_corrected",
      "between_trace_corrected", "nc1_quotient_corrected", "nc1_cdnv_ratio_corrected", "nc2_norm_squared_corrected",
    ]
    for measurement in alone.measurements where !ofSamples.contains(measurement.id) {
      #expect(selected[measurement.id]?.value == measurement.value)
    }
    #expect(selected.classes == alone.classes)
    #expect(selected["tokens"]?.value == .count(table.samples))
  }
}
