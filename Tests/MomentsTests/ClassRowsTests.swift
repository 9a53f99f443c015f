import Testing

@testable import Moments
@testable import Samples

@Suite("Rows of classes")
struct ClassRowsTests {
  private func rows(m2: [Double] = [0, 1], means: [Double] = [1, 2, 3, 4], carry: [Double]? = nil) -> ClassRows {
    func matrix(_ elements: [Double]) -> Matrix { Matrix(rows: 2, columns: 2, elements: elements) }
    return ClassRows(tokens: [3, 7], counts: [1, 2], m2: m2, means: matrix(means), carry: carry.map(matrix))
  }

  @Test("Moments out of the range of doubles are refused by the first token that has them")
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

  @Test("A mean is handed out with its carry, where it has one")
  func means() {
    rows().withMean(1) { mean, carry in
      #expect([mean[0], mean[1]] == [3, 4] && carry == nil)
    }
    let found = rows(carry: [5, 6, 7, 8]).withMean(1) { mean, carry in [mean[0], mean[1], carry?[0], carry?[1]] }
    #expect(found == [3, 4, 7, 8])
    let none = ClassRows(tokens: [], counts: [], m2: [], means: Matrix(rows: 0, columns: 2), carry: nil)
    #expect(throws: Never.self) { try none.checkFinite() }
  }
}
