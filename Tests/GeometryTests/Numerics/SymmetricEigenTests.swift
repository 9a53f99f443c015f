import Dispatch
import Support
import Testing

@testable import Geometry
@testable import Samples

@Suite("Eigenpairs of a symmetric matrix")
struct SymmetricEigenTests {
  @Test("[[2, 1], [1, 2]] has 1 along (1, −1) and 3 along (1, 1)")
  func small() throws {
    let eigen = try SymmetricEigen(Matrix([[2, 1], [1, 2]]))
    #expect(deviation(eigen.values[0], 1) < 1e-15)
    #expect(deviation(eigen.values[1], 3) < 1e-15)
    #expect((eigen.vectors[0, 0] + eigen.vectors[0, 1]).magnitude < 1e-15)
    #expect((eigen.vectors[1, 0] - eigen.vectors[1, 1]).magnitude < 1e-15)
  }

  @Test("A v = λ v with unit vectors")
  func definition() throws {
    let a = try MatrixProducts.gram(.random(40, 30, seed: 3), threads: 1)
    let eigen = try SymmetricEigen(a)
    let images = try MatrixProducts.product(eigen.vectors, transposed: a, threads: 1)
    for i in 0..<30 {
      #expect(deviation(norm(Array(eigen.vectors[row: i])), 1) < 1e-13)
      for j in 0..<30 { #expect((images[i, j] - eigen.values[i] * eigen.vectors[i, j]).magnitude < 1e-12) }
    }
  }

  @Test("A cancelled task does not wait for LAPACK, whose result it would then have")
  func cancelled() async {
    let matrix = Matrix.random(1500, 1500, seed: 5)
    let task = Task { try await DedicatedExecutor.run("test") { _ = try SymmetricEigen(matrix) } }
    // A thread of Dispatch cancels it: those of Swift's tasks may be busy with other tests.
    DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(200)) { task.cancel() }
    await #expect(throws: CancellationError.self) { try await task.value }
  }
}
