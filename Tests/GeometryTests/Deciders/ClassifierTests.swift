import Testing

@testable import Deciding
@testable import Geometry
@testable import Samples

@Suite("Output heads")
struct ClassifierTests {
  private let third = 1.0 / 3

  @Test("Weights that fit single precision stay single, and products use the same rows")
  func single() throws {
    var head = Classifier(dimension: 2)
    try head.append(Matrix([[3, 4], [-0.5, 0x1p-20]]))
    try head.append(Matrix([[0, 1]]))
    #expect(head.isSingle && head.rows == 3 && head.double.isEmpty)
    #expect(head.single == [3, 4, -0.5, 0x1p-20, 0, 1])
    #expect(head.largestNorm == 5)
    #expect(head.forProducts.elements == head.single && head.forProducts.exponent == 0)
  }

  @Test("One weight that does not fit makes all of them doubles, even those before it")
  func double() throws {
    var head = Classifier(dimension: 2)
    try head.append(Matrix([[3, 4], [1, 2]]))
    try head.append(Matrix([[5, third]]))
    try head.append(Matrix([[7, 8]]))
    #expect(!head.isSingle && head.single.isEmpty && head.rows == 4)
    #expect(head.double == [3, 4, 1, 2, 5, third, 7, 8])
    #expect(head[1, 0] == 1 && head[2, 1] == third && head[3, 1] == 8)
    #expect(head.forProducts.elements == [3, 4, 1, 2, 5, Float(third), 7, 8])
  }

  @Test("Weights beyond single precision are divided by a power of two for products")
  func large() throws {
    var head = Classifier(dimension: 1)
    try head.append(Matrix([[0x1p100], [-3 * 0x1p99]]))
    // The longest is 1.5 · 2¹⁰⁰.
    #expect(head.isSingle && head.forProducts.exponent == 101)
    #expect(head.forProducts.elements == [0.5, -0.75])
  }

  @Test("Scores are ⟨w, h⟩ + b, in either precision", arguments: [0, 1])
  func scores(row: Int) throws {
    let row64 = (0..<11).map { Double($0 + row) }
    let weights = (0..<11).map { Double($0) }
    // Σ i² = 385 and Σ i = 55 for i up to 10.
    let product = 385.0 + (row == 1 ? 55 : 0)
    for extra in [[Double](repeating: 0, count: 11), [third] + .init(repeating: 0, count: 10)] {
      var head = Classifier(dimension: 11, rows: 3, bias: [100, -1000, 0.25])
      try head.append(Matrix([weights, weights.map { -$0 }, extra]))
      #expect(head.isSingle == (extra[0] == 0))
      #expect(head.score(0, for: row64) == product + 100)
      #expect(head.score(1, for: row64) == -product - 1000)
      #expect(head.score(2, for: row64) == extra[0] * Double(row) + 0.25)
    }
  }

  @Test("A row that is not finite, or too long, is named by its token, counted over everything appended")
  func bad() throws {
    for weight in [Double.nan, .infinity, 1e75] {
      var head = Classifier(dimension: 1)
      try head.append(Matrix([[1], [2]]))
      let error = #expect(throws: GeometryError.self) { try head.append(Matrix([[3], [weight]])) }
      guard case .outOfRange(token: 3, what: "classifier row", norm: _)? = error else {
        Issue.record("another error: \(String(describing: error))")
        return
      }
    }
  }
}
