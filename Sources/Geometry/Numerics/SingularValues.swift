import COpenBLAS
import Samples
import Support

/// The singular values of a matrix, by LAPACK's divide and conquer.
enum SingularValues {
  /// Descending. LAPACK takes minutes for thousands of rows; cancellation is answered at once.
  ///
  /// - Throws: ``GeometryError/singularValues(rows:columns:status:)``, `OutOfMemory`, and `CancellationError`.
  static func of(_ matrix: Matrix) throws -> [Double] {
    MatrixProducts.useOneThread()
    let (rows, columns) = (matrix.rows, matrix.columns)
    try MappedMemory.check(
      bytes(rows: rows, columns: columns), for: "the singular values of \(rows) × \(columns) numbers")
    let (values, status) = try UninterruptibleWork.run {
      var copy = matrix
      var values = [Double](repeating: 0, count: min(rows, columns))
      let status = copy.withUnsafeMutableElements { solve($0, blasint(columns), blasint(rows), &values) }
      return (values, status)
    }
    guard status == 0 else {
      throw GeometryError.singularValues(rows: rows, columns: columns, status: Int(status))
    }
    return values
  }

  /// Bytes that solving takes: a copy of the matrix, and LAPACK's workspace of some vectors.
  static func bytes(rows: Int, columns: Int) -> Int {
    (rows * columns + 256 * (rows + columns)) * MemoryLayout<Double>.size
  }

  /// Overwrites the matrix. LAPACK's columns are our rows, which have the same singular values.
  private static func solve(
    _ matrix: UnsafeMutableBufferPointer<Double>, _ rows: blasint, _ columns: blasint, _ values: inout [Double]
  ) -> blasint {
    var (rows, columns, status) = (rows, columns, blasint(0))
    var (leading, leftLeading, rightLeading) = (rows, blasint(1), blasint(1))
    // Singular vectors are not wanted.
    var (left, right) = (0.0, 0.0)
    var (length, work) = (blasint(-1), [0.0])
    var integers = [blasint](repeating: 0, count: 8 * values.count)
    for _ in 0..<2 {
      dgesdd_(
        "N", &rows, &columns, matrix.baseAddress, &leading, &values, &left, &leftLeading, &right, &rightLeading, &work,
        &length, &integers, &status)
      guard status == 0, length < 0 else { break }
      length = blasint(work[0])
      work = Array(repeating: 0, count: Int(length))
    }
    return status
  }
}
