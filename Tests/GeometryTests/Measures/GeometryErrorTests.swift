import Testing

@testable import Geometry

@Suite("Geometry errors")
struct GeometryErrorTests {
  @Test("Each says what was expected, what was found and what to do")
  func diagnosis() {
    let errors: [GeometryError] = [
      .noClasses(found: "none"),
      .badMoments(token: 3, found: "a count of 0"), .badScatter, .outOfRange(token: 3, what: "class mean", norm: 1e80),
      .tooWide(dimension: 40_000, limit: 32_000), .classifierDimension(expected: 64, found: 32),
      .classifierTooShort(token: 9, rows: 9),
      .classifierRows(expected: 3, found: 2), .outOfDistributionDimension(expected: 64, found: 32),
      .foreignOutOfRange(norm: .infinity), .tooManyBands(bands: 10, classes: 3),
      .biasLength(expected: 3, found: 2), .rowTooLong(row: 1, limit: 1e75),
      .eigensolver(dimension: 4, status: 1),
    ]
    for error in errors {
      #expect(!error.diagnosis.expected.isEmpty)
      #expect(!error.diagnosis.found.isEmpty)
      #expect(!error.diagnosis.advice.isEmpty)
      #expect(error.isBadInput == (error != .eigensolver(dimension: 4, status: 1)))
    }
  }

  @Test("A head too short names the token")
  func message() {
    #expect(
      GeometryError.classifierTooShort(token: 9, rows: 9).description == """
        expected a classifier with a row for token 9, found 9 rows
          → name the output head of the model whose tokenizer produced the labels
        """)
  }
}
