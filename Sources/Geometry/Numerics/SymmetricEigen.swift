import COpenBLAS
import Samples

/// The eigenpairs of a symmetric matrix, by LAPACK's divide and conquer.
struct SymmetricEigen {
  /// Ascending.
  let values: [Double]
  /// Row i is the unit eigenvector of `values[i]`.
  let vectors: Matrix

  /// - Throws: ``GeometryError/eigensolver(dimension:status:)``.
  init(_ matrix: Matrix) throws {
    MatrixProducts.useOneThread()
    let d = matrix.rows
    var vectors = matrix
    var values = [Double](repeating: 0, count: d)
    let status = vectors.withUnsafeMutableElements { elements in
      Self.solve(elements, blasint(d), &values)
    }
    guard status == 0 else { throw GeometryError.eigensolver(dimension: d, status: Int(status)) }
    (self.values, self.vectors) = (values, vectors)
  }

  /// Overwrites `matrix` with the eigenvectors: LAPACK's columns are our rows.
  private static func solve(
    _ matrix: UnsafeMutableBufferPointer<Double>, _ order: blasint, _ values: inout [Double]
  ) -> blasint {
    var order = order
    var status: blasint = 0
    var lengths: (real: blasint, integer: blasint) = (-1, -1)
    var realWork = [0.0]
    var integerWork: [blasint] = [0]
    dsyevd_(
      "V", "U", &order, matrix.baseAddress, &order, &values, &realWork, &lengths.real, &integerWork, &lengths.integer,
      &status)
    guard status == 0 else { return status }
    lengths = (blasint(realWork[0]), integerWork[0])
    realWork = Array(repeating: 0, count: Int(lengths.real))
    integerWork = Array(repeating: 0, count: Int(lengths.integer))
    dsyevd_(
      "V", "U", &order, matrix.baseAddress, &order, &values, &realWork, &lengths.real, &integerWork, &lengths.integer,
      &status)
    return status
  }
}
