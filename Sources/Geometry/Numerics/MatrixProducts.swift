import COpenBLAS
import Samples

/// Matrix products through OpenBLAS.
///
/// OpenBLAS runs on one thread, in the whole process and from the first product on, because how it splits a product
/// determines the last digits. Our own threads work on tiles of fixed size.
package enum MatrixProducts {
  private static let oneThread: Void = openblas_set_num_threads(1)

  /// Limits OpenBLAS to one thread from here on.
  static func useOneThread() { oneThread }

  /// `left`[leftRows] · `right`[rightRows]ᵀ, row-major.
  package static func ofRows(_ left: Matrix, _ leftRows: Range<Int>, _ right: Matrix, _ rightRows: Range<Int>)
    -> [Double]
  {
    multiply(
      Operand(matrix: left, start: leftRows.lowerBound * left.columns, form: CblasNoTrans),
      Operand(matrix: right, start: rightRows.lowerBound * right.columns, form: CblasTrans),
      rows: leftRows.count, columns: rightRows.count, inner: left.columns)
  }

  /// A·Bᵀ.
  static func product(_ left: Matrix, transposed right: Matrix, threads: Int) -> Matrix {
    let blocks = ranges(of: left.rows, size: UpperTriangleTiles.standard)
    var elements: [Double] = []
    elements.reserveCapacity(left.rows * right.rows)
    OrderedTasks.run(blocks.count, threads: threads) { number in
      ofRows(left, blocks[number], right, 0..<right.rows)
    } merge: { _, rows in
      elements += rows
    }
    return Matrix(rows: left.rows, columns: right.rows, elements: elements)
  }

  /// Aᵀ·B.
  static func product(transposed left: Matrix, _ right: Matrix) -> Matrix {
    let product = multiply(
      Operand(matrix: left, form: CblasTrans), Operand(matrix: right, form: CblasNoTrans),
      rows: left.columns, columns: right.columns, inner: left.rows)
    return Matrix(rows: left.columns, columns: right.columns, elements: product)
  }

  /// AᵀA, [columns × columns].
  ///
  /// - Complexity: O(rows·columns²), half of it saved by symmetry.
  static func gram(_ matrix: Matrix, threads: Int) -> Matrix {
    let tiles = UpperTriangleTiles(matrix.columns)
    var gram = Matrix(rows: matrix.columns, columns: matrix.columns)
    OrderedTasks.run(tiles.count, threads: threads) { number in
      let (left, right) = tiles[number]
      return multiply(
        Operand(matrix: matrix, start: left.lowerBound, form: CblasTrans),
        Operand(matrix: matrix, start: right.lowerBound, form: CblasNoTrans),
        rows: left.count, columns: right.count, inner: matrix.rows)
    } merge: { number, product in
      let (left, right) = tiles[number]
      for (offset, value) in product.enumerated() {
        let row = left.lowerBound + offset / right.count
        let column = right.lowerBound + offset % right.count
        gram[row, column] = value
        gram[column, row] = value
      }
    }
    return gram
  }

  /// Multiplies the first `leading` numbers of some rows by those of others, in single precision, into [rows × others].
  /// All rows have `columns` numbers.
  package static func single(
    _ rows: UnsafePointer<Float>?, _ count: Int, _ others: UnsafePointer<Float>?, _ otherCount: Int, columns: Int,
    leading: Int, into products: UnsafeMutablePointer<Float>
  ) {
    useOneThread()
    cblas_sgemm(
      CblasRowMajor, CblasNoTrans, CblasTrans, blasint(count), blasint(otherCount), blasint(leading), 1, rows,
      blasint(columns), others, blasint(columns), 0, products, blasint(otherCount))
  }

  /// A matrix from one of its elements on, as stored or transposed.
  private struct Operand {
    let matrix: Matrix
    var start = 0
    let form: CBLAS_TRANSPOSE
  }

  private static func multiply(_ left: Operand, _ right: Operand, rows: Int, columns: Int, inner: Int) -> [Double] {
    useOneThread()
    guard rows > 0, columns > 0, inner > 0 else { return Array(repeating: 0, count: rows * columns) }
    return Array(unsafeUninitializedCapacity: rows * columns) { product, count in
      left.matrix.withUnsafeElements { a in
        right.matrix.withUnsafeElements { b in
          cblas_dgemm(
            CblasRowMajor, left.form, right.form, blasint(rows), blasint(columns), blasint(inner),
            1, a.baseAddress.map { $0 + left.start }, blasint(left.matrix.columns),
            b.baseAddress.map { $0 + right.start }, blasint(right.matrix.columns),
            0, product.baseAddress, blasint(columns))
        }
      }
      count = rows * columns
    }
  }
}
