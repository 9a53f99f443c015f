import Testing

@testable import Geometry
@testable import Samples

@Suite("Matrix products")
struct MatrixProductsTests {
  @Test("Each form of product agrees with the definition")
  func small() throws {
    let a = Matrix([[1, 2], [3, 4], [5, 6]])
    let b = Matrix([[1, 0], [1, 1], [0, 2]])
    #expect(MatrixProducts.ofRows(a, 1..<3, b, 0..<2) == [3, 7, 5, 11])
    #expect(try MatrixProducts.product(a, transposed: b, threads: 1) == Matrix([[1, 3, 4], [3, 7, 8], [5, 11, 12]]))
    #expect(try MatrixProducts.product(transposed: a, b) == Matrix([[4, 13], [6, 16]]))
    #expect(try MatrixProducts.gram(a, threads: 1) == Matrix([[35, 44], [44, 56]]))
  }

  @Test("A Gram matrix of several tiles equals that of one product, for any number of threads")
  func tiles() throws {
    let a = Matrix.random(20, 300, seed: 5)
    let gram = try MatrixProducts.gram(a, threads: 1)
    for (x, y) in zip(gram.elements, try MatrixProducts.product(transposed: a, a).elements) {
      #expect((x - y).magnitude < 1e-13)
    }
    for threads in [2, 3, 8] { #expect(try MatrixProducts.gram(a, threads: threads) == gram) }
  }

  @Test("Empty matrices have empty or zero products")
  func empty() throws {
    let none = try Matrix(rows: 0, columns: 3)
    #expect(try MatrixProducts.product(none, transposed: none, threads: 2).elements.isEmpty)
    #expect(try MatrixProducts.gram(none, threads: 1) == Matrix(rows: 3, columns: 3))
  }
}
