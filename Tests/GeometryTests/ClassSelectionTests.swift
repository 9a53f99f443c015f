import Embeddings
import Moments
import Testing

@testable import Geometry

@Suite("Class selection")
struct ClassSelectionTests {
  let table = MomentsTable(
    tokens: [2, 5, 9], counts: [1, 4, 3], means: Matrix([[1, 0], [0, 1], [1, 1]]), m2: [0, 4, 3], withinScatter: nil)

  @Test("Classes with enough samples are selected, by ascending token")
  func selected() throws {
    let selection = try ClassSelection(table, minCount: 3)
    #expect(selection.rows == [1, 2])
    #expect(selection.tokens == [5, 9])
    #expect(try ClassSelection(table, minCount: 1).tokens == [2, 5, 9])
  }

  @Test("The selection shapes the means; N and the within trace stay those of all samples")
  func samples() throws {
    let measures = try table.measure(options: GeometryOptions(minCount: 3))
    #expect(measures["tokens"]?.value == .count(8))
    #expect(measures["classes"]?.value == .count(2))
    #expect(try measures.scalar("within_trace") == 7.0 / 8)
    #expect(try measures.scalar("between_trace") == 0.25)
    #expect(measures.classes.rows.map(\.token) == [5, 9])
  }

  @Test("No class with enough samples is bad input")
  func none() {
    let error = GeometryError.noClasses(minCount: 5, seen: 3, largestCount: 4)
    #expect(throws: error) { try ClassSelection(table, minCount: 5) }
    #expect(error.isBadInput)
    let empty = MomentsTable(tokens: [], counts: [], means: Matrix(rows: 0, columns: 4), m2: [], withinScatter: nil)
    #expect(throws: GeometryError.noClasses(minCount: 1, seen: 0, largestCount: 0)) {
      try ClassSelection(empty, minCount: 1)
    }
  }

  @Test("Classes of one sample each are bad input")
  func single() {
    let table = MomentsTable(means: [[1, 0], [0, 1]], counts: [1, 1])
    #expect(throws: GeometryError.noRepeatedClass(classes: 2)) { try ClassSelection(table, minCount: 1) }
  }

  @Test("Moments that are no numbers are bad input", arguments: [Double.nan, .infinity])
  func nonfinite(number: Double) {
    #expect(throws: GeometryError.badMoments(token: 1, found: "a mean with NaN or infinity")) {
      try ClassSelection(MomentsTable(means: [[1, 0], [number, 1]]), minCount: 1)
    }
    #expect(throws: GeometryError.badMoments(token: 0, found: "a sum of squares of \(number)")) {
      try ClassSelection(MomentsTable(means: [[1, 0], [0, 1]], m2: [number, 1]), minCount: 1)
    }
    #expect(throws: GeometryError.badScatter) {
      try ClassSelection(MomentsTable(means: [[1, 0], [0, 1]], withinScatter: [[1, 0], [0, number]]), minCount: 1)
    }
  }

  @Test("Counts that cannot be, or that overflow, are bad input")
  func counts() {
    #expect(throws: GeometryError.badMoments(token: 1, found: "a count of 0")) {
      try ClassSelection(MomentsTable(means: [[1, 0], [0, 1]], counts: [2, 0]), minCount: 1)
    }
    #expect(throws: GeometryError.badMoments(token: 1, found: "a count of \(Int.max)")) {
      try ClassSelection(MomentsTable(means: [[1, 0], [0, 1]], counts: [2, .max]), minCount: 1)
    }
  }

  @Test("More features than d×d products are made for are bad input, before anything is allocated")
  func wide() {
    #expect(throws: GeometryError.tooWide(dimension: 40_000, limit: 32_000)) {
      try ClassSelection(MomentsTable(means: [[Double](repeating: 1, count: 40_000)]), minCount: 1)
    }
  }

  @Test("A head must have the features' columns and a row for the largest token")
  func head() throws {
    let selection = try ClassSelection(table, minCount: 1)
    try selection.checkHead(rows: 10, columns: 2)
    #expect(throws: GeometryError.classifierDimension(expected: 2, found: 3)) {
      try selection.checkHead(rows: 10, columns: 3)
    }
    #expect(throws: GeometryError.classifierTooShort(token: 9, rows: 9)) {
      try selection.checkHead(rows: 9, columns: 2)
    }
  }

  @Test("Gathered rows must be one a selected class, and numbers")
  func gathered() {
    #expect(throws: GeometryError.classifierRows(expected: 3, found: 2)) {
      try table.measure(classifier: [[1, 0], [0, 1]])
    }
    #expect(throws: GeometryError.classifierDimension(expected: 2, found: 1)) {
      try table.measure(classifier: [[1], [0], [1]])
    }
    #expect(throws: GeometryError.self) { try table.measure(classifier: [[1, 0], [0, 1], [.nan, 0]]) }
  }
}
