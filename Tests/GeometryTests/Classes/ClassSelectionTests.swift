import Testing

@testable import Geometry
@testable import Moments
@testable import Samples

@Suite("Class selection")
struct ClassSelectionTests {
  let table = MomentsTable(
    tokens: [2, 5, 9], counts: [1, 4, 3], means: Matrix([[1, 0], [0, 1], [1, 1]]), m2: [0, 4, 3], withinScatter: nil)

  @Test("Classes with enough samples are selected, by ascending token")
  func selected() throws {
    let selection = try ClassSelection(table, ClassFilter(minCount: 3))
    #expect(selection.rows == [1, 2])
    #expect(selection.tokens == [5, 9])
    #expect(try ClassSelection(table).tokens == [2, 5, 9])
  }

  @Test("The selection determines the means; N and the within trace stay those of all samples")
  func samples() throws {
    let measures = try table.measure(ClassFilter(minCount: 3))
    #expect(measures["tokens"]?.value == .count(8))
    #expect(measures["classes"]?.value == .count(2))
    #expect(try measures.scalar("within_trace") == 7.0 / 8)
    #expect(try measures.scalar("between_trace") == 0.25)
    #expect(measures.classes.tokens == [5, 9])
  }

  @Test("If no class meets every condition, the error says what each condition leaves")
  func none() throws {
    let filter = ClassFilter(minCount: 4, maxCount: 3, tokens: [2, 9, 77])
    let error = GeometryError.noClasses(
      found: "3 classes of 1 … 4 samples: 1 with at least 4, 2 with at most 3, 2 among the 3 tokens listed")
    #expect(throws: error) { try ClassSelection(table, filter) }
    #expect(error.isBadInput)
    let empty = MomentsTable(tokens: [], counts: [], means: try Matrix(rows: 0, columns: 4), m2: [], withinScatter: nil)
    #expect(throws: GeometryError.noClasses(found: "no classes")) { try ClassSelection(empty) }
  }

  @Test("Classes of one sample each can be selected")
  func single() throws {
    #expect(try ClassSelection(MomentsTable(means: [[1, 0], [0, 1]], counts: [1, 1])).tokens == [0, 1])
    #expect(try ClassSelection(table, ClassFilter(maxCount: 1)).tokens == [2])
  }

  @Test("Moments that are not finite are bad input", arguments: [Double.nan, .infinity])
  func nonfinite(number: Double) {
    #expect(throws: GeometryError.badMoments(token: 1, found: "a mean with NaN or infinity")) {
      try ClassSelection(MomentsTable(means: [[1, 0], [number, 1]]))
    }
    #expect(throws: GeometryError.badMoments(token: 0, found: "a sum of squares of \(number)")) {
      try ClassSelection(MomentsTable(means: [[1, 0], [0, 1]], m2: [number, 1]))
    }
    #expect(throws: GeometryError.badScatter) {
      try ClassSelection(MomentsTable(means: [[1, 0], [0, 1]], withinScatter: [[1, 0], [0, number]]))
    }
  }

  @Test("Impossible or overflowing counts are bad input")
  func counts() {
    #expect(throws: GeometryError.badMoments(token: 1, found: "a count of 0")) {
      try ClassSelection(MomentsTable(means: [[1, 0], [0, 1]], counts: [2, 0]))
    }
    #expect(throws: GeometryError.badMoments(token: 1, found: "a count of \(Int.max)")) {
      try ClassSelection(MomentsTable(means: [[1, 0], [0, 1]], counts: [2, .max]))
    }
  }

  @Test("More features than d × d products support are bad input, before memory is allocated")
  func wide() {
    #expect(throws: GeometryError.tooWide(dimension: 40_000, limit: 32_000)) {
      try ClassSelection(MomentsTable(means: [[Double](repeating: 1, count: 40_000)]))
    }
  }

  @Test("A head must have the columns of the features and a row for the largest token")
  func head() throws {
    let selection = try ClassSelection(table)
    try selection.checkHead(rows: 10, columns: 2)
    #expect(throws: GeometryError.classifierDimension(expected: 2, found: 3)) {
      try selection.checkHead(rows: 10, columns: 3)
    }
    #expect(throws: GeometryError.classifierTooShort(token: 9, rows: 9)) {
      try selection.checkHead(rows: 9, columns: 2)
    }
  }

  @Test("An out-of-distribution mean must have the length of the features, and a finite square")
  func foreign() throws {
    let selection = try ClassSelection(table)
    #expect(throws: GeometryError.outOfDistributionDimension(expected: 2, found: 3)) {
      try selection.check(OutOfDistributionMean(MomentsTable(means: [[1, 2, 3]])))
    }
    #expect(throws: GeometryError.foreignOutOfRange(norm: 1e80)) {
      try selection.check(OutOfDistributionMean(MomentsTable(means: [[1e80, 0]])))
    }
  }

  @Test("There must be one gathered row per selected class, and it must be finite")
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
