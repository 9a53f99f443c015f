import COpenBLAS
import Samples
import Support

/// The eigenpairs of a symmetric matrix, by LAPACK's divide and conquer.
package struct SymmetricEigen {
  /// Ascending.
  package let values: [Double]
  /// Row i is the unit eigenvector of `values[i]`.
  package let vectors: Matrix

  /// LAPACK takes minutes for thousands of rows; cancellation is answered at once.
  ///
  /// - Throws: ``GeometryError/eigensolver(dimension:status:)``, `OutOfMemory`, and `CancellationError`.
  package init(_ matrix: Matrix) throws {
    try MappedMemory.check(
      Self.bytes(dimension: matrix.rows), for: "the eigenvectors of a matrix of dimension \(matrix.rows)")
    (values, vectors) = try Self.solve(matrix, "V")
  }

  /// The eigenvalues alone, ascending, in a third of the memory. Throws the same errors.
  static func values(of matrix: Matrix) throws -> [Double] {
    try MappedMemory.check(
      matrix.rows * (matrix.rows + 8) * MemoryLayout<Double>.size,
      for: "the eigenvalues of a matrix of dimension \(matrix.rows)")
    return try solve(matrix, "N").values
  }

  /// Bytes that solving takes: the vectors, and twice as much for LAPACK.
  static func bytes(dimension: Int) -> Int { 3 * dimension * (dimension + 8) * MemoryLayout<Double>.size }

  /// - Parameter job: `V` for values and vectors, `N` for values; the matrix returned is then of no use.
  private static func solve(_ matrix: Matrix, _ job: String) throws -> (values: [Double], vectors: Matrix) {
    MatrixProducts.useOneThread()
    let d = matrix.rows
    let (values, vectors, status) = try UninterruptibleWork.run {
      var vectors = matrix
      var values = [Double](repeating: 0, count: d)
      let status = vectors.withUnsafeMutableElements { elements in
        solve(elements, blasint(d), job, &values)
      }
      return (values, vectors, status)
    }
    guard status == 0 else { throw GeometryError.eigensolver(dimension: d, status: Int(status)) }
    return (values, vectors)
  }

  /// Overwrites `matrix` with the eigenvectors: LAPACK's columns are our rows.
  private static func solve(
    _ matrix: UnsafeMutableBufferPointer<Double>, _ order: blasint, _ job: String, _ values: inout [Double]
  ) -> blasint {
    var order = order
    var status: blasint = 0
    var lengths: (real: blasint, integer: blasint) = (-1, -1)
    var realWork = [0.0]
    var integerWork: [blasint] = [0]
    dsyevd_(
      job, "U", &order, matrix.baseAddress, &order, &values, &realWork, &lengths.real, &integerWork, &lengths.integer,
      &status)
    guard status == 0 else { return status }
    lengths = (blasint(realWork[0]), integerWork[0])
    realWork = Array(repeating: 0, count: Int(lengths.real))
    integerWork = Array(repeating: 0, count: Int(lengths.integer))
    dsyevd_(
      job, "U", &order, matrix.baseAddress, &order, &values, &realWork, &lengths.real, &integerWork, &lengths.integer,
      &status)
    return status
  }
}
