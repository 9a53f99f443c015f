import Testing

@testable import Geometry
@testable import Samples

@Suite("Deviation from a simplex")
struct SimplexDeviationTests {
  private func deviationOf(_ left: [[Double]], _ right: [[Double]], threads: Int = 1) -> SimplexDeviation {
    let (left, right) = (Matrix(left), Matrix(right))
    return SimplexDeviation(
      left: left, right: right, leftGram: try! MatrixProducts.gram(left, threads: 1),
      rightGram: try! MatrixProducts.gram(right, threads: 1),
      threads: threads)
  }

  @Test("The closed form and the sum over entries agree where both are accurate")
  func bothWays() throws {
    let left = Matrix.random(140, 9, seed: 3).vectors
    let right = Matrix.random(140, 9, seed: 4).vectors
    let both = deviationOf(left, right)
    let error = try #require(try both.error)
    #expect(try deviation(both.squaredError(norm: both.squaredNorm.squareRoot()), error * error) < 1e-13)
    #expect(deviation(error, BruteForce.simplexError(left, right)) < 1e-12)
  }

  @Test("A norm that cancels is summed over entries")
  func cancellingNorm() throws {
    // Left rows are 10⁶ along (1, 1), and right rows are orthogonal to it.
    let small = Matrix.random(30, 2, seed: 5).vectors
    let left = small.map { [$0[0] + 1e6, $0[1] + 1e6] }
    let right = small.map { [$0[0], -$0[0]] }
    let exact = left.flatMap { a in right.map { inner(a, $0) } }.reduce(0) { $0 + $1 * $1 }
    #expect(try deviation(deviationOf(left, right).squaredNorm, exact) < 1e-9)
  }

  @Test("The sum over entries has the same bits for any number of threads", arguments: [2, 3, 8])
  func threads(number: Int) throws {
    let rows = Matrix.random(300, 9, seed: 3).vectors
    let one = try deviationOf(rows, rows).squaredError(norm: 1)
    #expect(try deviationOf(rows, rows, threads: number).squaredError(norm: 1) == one)
  }

  @Test("A product of zero has no error")
  func zero() throws { #expect(try deviationOf([[1, 0], [2, 0]], [[0, 1], [0, 2]]).error == nil) }
}
