import Testing

@testable import Geometry
@testable import Moments
@testable import Samples

@Suite("Whitening")
struct WhiteningTests {
  private func whitened(_ centred: Matrix) throws -> Matrix {
    let whitening = try Whitening(centred, gram: MatrixProducts.gram(centred, threads: 1), threads: 1)
    return try MatrixProducts.gram(
      MatrixProducts.product(centred, transposed: whitening.matrix, threads: 1), threads: 1)
  }

  @Test("Whitened means have unit covariance", arguments: [(40, 7), (5, 7), (7, 7), (8, 7)])
  func identity(classes: Int, dimension: Int) throws {
    let centred = try MomentsTable.random(classes, dimension).centred().centred
    let gram = try whitened(centred)
    #expect(gram.rows == min(classes - 1, dimension))
    for i in 0..<gram.rows {
      for j in 0..<gram.rows { #expect((gram[i, j] - (i == j ? 1 : 0)).magnitude < 1e-12) }
    }
  }

  @Test("A direction without variation has no row")
  func rank() throws {
    let flat = Matrix.random(40, 3, seed: 4).vectors.map { $0 + [0.0] }
    #expect(try whitened(MomentsTable(means: flat).centred().centred).rows == 3)
  }
}
