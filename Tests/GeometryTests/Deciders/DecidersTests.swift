import TestSupport
import Testing

@testable import Deciding
@testable import Geometry
@testable import Moments
@testable import Samples
@testable import Support

@Suite("Deciders")
struct DecidersTests {
  /// A classifier, class means, and unseen rows near the means, as float64 values after storage.
  struct Problem {
    var head: [[Double]]
    var bias: [Double]?
    var means: [[Double]]
    var lowPart: [[Double]]?
    var rows: [[Double]]

    init(vocabulary: Int, classes: Int, dimension: Int, rows: Int, offset: Double = 0, seed: Int = 1) {
      var generator = SeededGenerator(seed)
      func vectors(_ count: Int) -> [[Double]] {
        (0..<count).map { _ in (0..<dimension).map { _ in generator.normal() } }
      }
      head = vectors(vocabulary).map { $0.map { Double(Float($0)) } }
      let spread = vectors(classes)
      means = spread.map { $0.map { $0 + offset } }
      self.rows = vectors(rows).enumerated().map { number, noise in
        zip(spread[number % classes], noise).map { $0 + 0.8 * $1 + offset }
      }
    }

    /// Token ids of the classes: every third, so that none equals its row number.
    var tokens: [Int32] { means.indices.map { Int32($0 * head.count / means.count) } }

    var table: MomentsTable {
      MomentsTable(
        tokens: tokens, counts: means.map { _ in 2 }, means: Matrix(means), lowPart: lowPart.map { Matrix($0) },
        m2: means.map { _ in 1 }, withinScatter: nil)
    }

    func classifier() throws -> Classifier {
      var classifier = Classifier(dimension: head[0].count, rows: head.count, bias: bias)
      for start in stride(from: 0, to: head.count, by: 700) {
        try classifier.append(Matrix(Array(head[start..<min(start + 700, head.count)])))
      }
      return classifier
    }

    func decide(_ scalar: ScalarType, threads: Int = 1) throws -> Choices {
      try Deciders(table, classifier: classifier(), workers: WorkerThreads(threads)).decide(
        block(rows.map { _ in 0 }, rows, scalar))
    }

    /// The definition in float64, row by row and candidate by candidate.
    func oracle(_ scalar: ScalarType) -> Choices {
      let features = block(rows.map { _ in 0 }, rows, scalar).featureValues
      let d = head[0].count
      let (head, means, lowPart) = (head.flatMap(\.self), means.flatMap(\.self), lowPart?.flatMap(\.self))
      var choices = Choices(model: [], nearest: [])
      for row in stride(from: 0, to: features.count, by: d) {
        let model = first(self.head.count) { token in
          var sum = 0.0
          for j in 0..<d { sum += head[token * d + j] * features[row + j] }
          return sum + (bias?[token] ?? 0)
        }
        let nearest = first(self.means.count) { c in
          var sum = 0.0
          for j in 0..<d {
            let difference = (features[row + j] - means[c * d + j]) - (lowPart?[c * d + j] ?? 0)
            sum -= difference * difference
          }
          return sum
        }
        choices.model.append(Int32(model))
        choices.nearest.append(tokens[nearest])
      }
      return choices
    }

    /// The index of the largest score, the first of equals.
    private func first(_ count: Int, _ score: (Int) -> Double) -> Int {
      var (best, largest) = (0, -Double.infinity)
      for number in 0..<count {
        let score = score(number)
        if score > largest { (best, largest) = (number, score) }
      }
      return best
    }

    func expectOracle(_ scalar: ScalarType) throws {
      let (found, truth) = (try decide(scalar), oracle(scalar))
      let wrong = rows.indices.filter {
        found.model[$0] != truth.model[$0] || found.nearest[$0] != truth.nearest[$0]
      }
      #expect(wrong.isEmpty)
    }
  }

  @Test("Three classes on the axes, one row nearest to each, and one in the middle that goes to the smallest token")
  func axes() throws {
    let axes = unitVectors(3)
    let table = MomentsTable(
      tokens: [0, 2, 3], counts: [1, 1, 2], means: Matrix(axes), m2: [0, 0, 1], withinScatter: nil)
    var classifier = Classifier(dimension: 3)
    try classifier.append(Matrix([[0, 0, 1], [0, 0, 1], [0, 1, 0], [1, 0, 0]]))
    let rows = [[0.9, 0.1, 0], [0, 2, 1], [0, 0, 5], [1, 1, 1]]
    let choices = try Deciders(table, classifier: classifier).decide(block([0, 0, 0, 0], rows))
    #expect(choices.model == [3, 2, 0, 0])
    #expect(choices.nearest == [0, 2, 3, 0])
  }

  @Test(
    "Of the rows seen alone, the classifier chooses the best among the classes, with its own bias",
    arguments: [nil, 2.0])
  func seen(bias size: Double?) throws {
    var problem = Problem(vocabulary: 60, classes: 20, dimension: 5, rows: 200)
    problem.bias = size.map { size in problem.head.indices.map { size * Double($0 % 7) } }
    let choices = try Deciders(problem.table, classifier: problem.classifier(), headRows: .seen).decide(
      block(problem.rows.map { _ in 0 }, problem.rows))
    let tokens = problem.tokens
    for (row, model) in zip(problem.rows, choices.model) {
      func score(_ token: Int32) -> Double {
        inner(problem.head[Int(token)], row) + (problem.bias?[Int(token)] ?? 0)
      }
      #expect(tokens.contains(model) && tokens.allSatisfy { score($0) <= score(model) })
    }
    #expect(choices.model != (try problem.decide(.float64).model))
    #expect(choices.nearest == (try problem.decide(.float64).nearest))
  }

  @Test("Random rows are decided as in float64, for every storage type", arguments: ScalarType.allCases)
  func random(scalar: ScalarType) throws {
    try Problem(vocabulary: 2_100, classes: 1_050, dimension: 13, rows: 150).expectOracle(scalar)
  }

  @Test(
    "Sizes that are not multiples of anything, and sizes of one",
    arguments: [(1, 1, 1, 1), (1_025, 1, 3, 130), (3, 3, 70, 65)])
  func sizes(vocabulary: Int, classes: Int, dimension: Int, rows: Int) throws {
    try Problem(vocabulary: vocabulary, classes: classes, dimension: dimension, rows: rows).expectOracle(.float32)
  }

  @Test("With a bias, smaller or larger than any product", arguments: [0.1, 1e3, 1e9])
  func bias(size: Double) throws {
    var problem = Problem(vocabulary: 1_500, classes: 40, dimension: 9, rows: 100)
    var generator = SeededGenerator(5)
    problem.bias = problem.head.map { _ in size * generator.normal() }
    try problem.expectOracle(.float32)
  }

  @Test("Duplicate rows and means go to the smaller token id")
  func duplicates() throws {
    var problem = Problem(vocabulary: 2_400, classes: 1_200, dimension: 6, rows: 100)
    problem.head = problem.head.indices.map { problem.head[$0 / 2] }
    problem.means = problem.means.indices.map { problem.means[$0 % 600] }
    try problem.expectOracle(.float32)
    let choices = try problem.decide(.float32)
    #expect(choices.model.allSatisfy { $0 % 2 == 0 })
    #expect(choices.nearest.allSatisfy { $0 < 1_200 })
    #expect(choices.close == 200)
  }

  @Test("Differences of 1e-7 and less, which single precision cannot resolve", arguments: [1e-6, 1e-7, 1e-9, 1e-12])
  func nearTies(difference: Double) throws {
    var problem = Problem(vocabulary: 1_600, classes: 800, dimension: 11, rows: 70)
    var generator = SeededGenerator(9)
    func near(_ vector: [Double]) -> [Double] { vector.map { $0 * (1 + difference * generator.normal()) } }
    problem.head = problem.head.indices.map { near(problem.head[$0 / 50 * 50]) }
    problem.means = problem.means.indices.map { near(problem.means[$0 / 50 * 50]) }
    for scalar in [ScalarType.float16, .float64] { try problem.expectOracle(scalar) }
  }

  @Test("An offset common to all features, up to a million times their differences", arguments: [10, 1e3, 1e6])
  func offset(size: Double) throws {
    try Problem(vocabulary: 900, classes: 300, dimension: 8, rows: 100, offset: size).expectOracle(.float64)
  }

  @Test("Means kept as two doubles are used with both")
  func lowParts() throws {
    var problem = Problem(vocabulary: 20, classes: 10, dimension: 4, rows: 50, offset: 1)
    problem.means = problem.means.indices.map { problem.means[$0 / 2 * 2] }
    problem.lowPart = problem.means.indices.map { row in problem.means[row].map { _ in row % 2 == 0 ? 0 : 1e-17 } }
    // The oracle has its own rounding at this scale; it is only known that the carry decides.
    problem.rows = (0..<50).map { row in problem.means[row % 10] }
    let expected: [Int32] = (0..<50).map { row in problem.tokens[row % 10 / 2 * 2] }
    #expect(try problem.decide(.float64).nearest == expected)
  }

  @Test(
    "Features, weights and means far beyond single precision, and far below",
    arguments: [(1e30, 1.0), (1e60, 1e60), (1e-30, 1), (1e-60, 1e-60), (1, 1e40), (1, 1e-40), (1e70, 1e-70)])
  func scales(features: Double, weights: Double) throws {
    var problem = Problem(vocabulary: 600, classes: 200, dimension: 5, rows: 100)
    problem.head = problem.head.map { $0.map { $0 * weights } }
    problem.means = problem.means.map { $0.map { $0 * features } }
    problem.rows = problem.rows.map { $0.map { $0 * features } }
    try problem.expectOracle(.float64)
  }

  @Test(
    "A simplex, whose means have equal lengths to the last bit, at any scale", arguments: [1e-70, 1, 1e57, 1e60, 1e74])
  func simplex(scale: Double) throws {
    var problem = Problem(vocabulary: 6, classes: 6, dimension: 6, rows: 6)
    problem.means = (0..<6).map { c in (0..<6).map { scale * ($0 == c ? 5 : -1) / 8 } }
    problem.head = problem.means
    problem.bias = problem.means.map { _ in scale * scale }
    problem.rows = problem.means
    let choices = try problem.decide(.float64)
    #expect(choices.nearest == [0, 1, 2, 3, 4, 5])
    #expect(choices.model == [0, 1, 2, 3, 4, 5])
  }

  @Test("Rows of very different lengths in one block, and a row far from all means")
  func mixedScales() throws {
    var problem = Problem(vocabulary: 300, classes: 100, dimension: 8, rows: 100)
    problem.rows = problem.rows.enumerated().map { number, row in
      row.map { $0 * [1e-20, 1, 1e6, 1e12, 1e30][number % 5] }
    }
    try problem.expectOracle(.float64)
  }

  @Test("Collapsed features, each within 1e-9 of its mean")
  func collapsed() throws {
    var problem = Problem(vocabulary: 300, classes: 300, dimension: 12, rows: 200)
    var generator = SeededGenerator(3)
    problem.rows = (0..<200).map { row in problem.means[row].map { $0 * (1 + 1e-9 * generator.normal()) } }
    try problem.expectOracle(.float64)
    let own: [Int32] = problem.tokens.prefix(200).map { $0 }
    #expect(try problem.decide(.float64).nearest == own)
  }

  @Test("Every class in one place: all are candidates, and the smallest token is chosen")
  func onePlace() throws {
    var problem = Problem(vocabulary: 3_000, classes: 2_000, dimension: 6, rows: 80)
    problem.head = problem.head.map { _ in problem.head[0] }
    problem.means = problem.means.map { _ in problem.means[0] }
    let choices = try problem.decide(.float32)
    #expect(choices.model.allSatisfy { $0 == 0 } && choices.nearest.allSatisfy { $0 == 0 })
    #expect(choices.close == 160)
  }

  @Test("A zero head, zero rows and zero means choose the smallest token")
  func zeros() throws {
    var problem = Problem(vocabulary: 30, classes: 20, dimension: 5, rows: 10)
    problem.head = problem.head.map { $0.map { _ in 0 } }
    problem.means = problem.means.map { $0.map { _ in 0 } }
    problem.rows = problem.rows.map { $0.map { _ in 0 } }
    try problem.expectOracle(.float32)
  }

  @Test("A head in double precision decides with all its digits")
  func doubleHead() throws {
    var problem = Problem(vocabulary: 900, classes: 10, dimension: 7, rows: 60)
    problem.head = problem.head.indices.map { row in problem.head[row / 3].map { $0 * (1 + Double(row % 3) * 1e-12) } }
    try problem.expectOracle(.float64)
  }

  @Test("Any number of threads makes the same choices", arguments: [2, 7])
  func threads(count: Int) throws {
    let problem = Problem(vocabulary: 1_200, classes: 300, dimension: 6, rows: 700)
    let (one, several) = (try problem.decide(.float16), try problem.decide(.float16, threads: count))
    #expect(one.model == several.model && one.nearest == several.nearest)
  }

  @Test("Predictions in a block are the model's choices")
  func predictions() throws {
    let problem = Problem(vocabulary: 50, classes: 20, dimension: 4, rows: 30)
    let predicted: [Int32] = (0..<30).map { row in Int32(row * 7 % 50) }
    let choices = try Deciders(problem.table).decide(
      block(predicted, problem.rows, .float32, predictions: predicted))
    #expect(choices.model == predicted)
    #expect(choices.nearest == problem.oracle(.float32).nearest)
  }

  @Test("A row that is not finite is named, and so is one whose square overflows")
  func badRows() throws {
    var problem = Problem(vocabulary: 9, classes: 9, dimension: 3, rows: 200)
    problem.rows[150][1] = 1e200
    #expect(throws: GeometryError.rowTooLong(row: 150, limit: 1e75)) { try problem.decide(.float64) }
    for bad in [Double.nan, .infinity] {
      problem.rows[130][2] = bad
      #expect(throws: NonfiniteRow(row: 130)) { try problem.decide(.float64, threads: 3) }
    }
  }

  @Test("Moments and a classifier that do not match are refused")
  func mismatch() throws {
    let problem = Problem(vocabulary: 30, classes: 10, dimension: 4, rows: 1)
    func refuse(_ error: GeometryError, _ classifier: Classifier) {
      #expect(throws: error) { try Deciders(problem.table, classifier: classifier) }
    }
    refuse(.classifierDimension(expected: 4, found: 3), try head(rows: 30, dimension: 3))
    refuse(.classifierTooShort(token: 27, rows: 27), try head(rows: 27, dimension: 4))
    refuse(.biasLength(expected: 30, found: 2), try head(rows: 30, dimension: 4, bias: [1, 2]))
    #expect(throws: GeometryError.self) { try head(rows: 2, dimension: 2, value: .nan) }
    #expect(throws: GeometryError.self) { try head(rows: 2, dimension: 2, value: 1e76) }
  }

  @Test("Means whose squares overflow are refused")
  func hugeMeans() throws {
    for means in [[[1e200, 0], [1e200, 1]], [[0, 0], [1e80, 0]]] {
      #expect(throws: GeometryError.self) { try Deciders(MomentsTable(means: means)) }
    }
  }

  private func head(rows: Int, dimension: Int, value: Double = 1, bias: [Double]? = nil) throws -> Classifier {
    var classifier = Classifier(dimension: dimension, bias: bias)
    try classifier.append(Matrix(Array(repeating: Array(repeating: value, count: dimension), count: rows)))
    return classifier
  }

  @Test("A cancelled decision ends")
  func cancelled() throws {
    let problem = Problem(vocabulary: 30, classes: 10, dimension: 4, rows: 100)
    #expect(throws: CancellationError.self) {
      try Deciders(problem.table, classifier: problem.classifier()).decide(
        block(problem.rows.map { _ in 0 }, problem.rows, .float32), isCancelled: { true })
    }
  }
}
