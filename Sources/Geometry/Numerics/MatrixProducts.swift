import COpenBLAS
import Samples
import Support

/// Matrix products through OpenBLAS.
///
/// OpenBLAS runs on one thread, in the whole process and from the first product on, because how it splits a product
/// determines the last digits. Our own threads work on tiles of fixed size.
package enum MatrixProducts {
  private static let oneThread: Void = openblas_set_num_threads(1)

  /// Limits OpenBLAS to one thread from here on.
  package static func useOneThread() { oneThread }

  /// `left`[leftRows] · `right`[rightRows]ᵀ, row-major.
  package static func ofRows(_ left: Matrix, _ leftRows: Range<Int>, _ right: Matrix, _ rightRows: Range<Int>)
    -> [Double]
  {
    multiply(
      Operand(matrix: left, start: leftRows.lowerBound * left.columns, form: CblasNoTrans),
      Operand(matrix: right, start: rightRows.lowerBound * right.columns, form: CblasTrans),
      rows: leftRows.count, columns: rightRows.count, inner: left.columns)
  }

  /// A·Bᵀ. Answers cancellation after a block of its rows.
  static func product(_ left: Matrix, transposed right: Matrix, threads: Int) throws -> Matrix {
    let blocks = ranges(of: left.rows, size: UpperTriangleTiles.standard)
    return try Matrix(rows: left.rows, columns: right.rows) { out in
      // Each block is written by one piece of work.
      nonisolated(unsafe) let out = out
      try WorkerThreads(threads).runUnlessCancelled(blocks.count) { number in
        let rows = blocks[number]
        multiply(
          Operand(matrix: left, start: rows.lowerBound * left.columns, form: CblasNoTrans),
          Operand(matrix: right, form: CblasTrans), rows: rows.count, columns: right.rows, inner: left.columns,
          into: UnsafeMutableBufferPointer(
            rebasing: out[rows.lowerBound * right.rows..<rows.upperBound * right.rows]))
      }
    }
  }

  /// Aᵀ·B. Answers cancellation at once: it is one call of the library, because parts would have other last digits.
  static func product(transposed left: Matrix, _ right: Matrix) throws -> Matrix {
    try MappedMemory.check(left.columns * right.columns, of: Double.self, for: "a product of matrices")
    let product = try UninterruptibleWork.run {
      multiply(
        Operand(matrix: left, form: CblasTrans), Operand(matrix: right, form: CblasNoTrans),
        rows: left.columns, columns: right.columns, inner: left.rows)
    }
    return Matrix(rows: left.columns, columns: right.columns, elements: product)
  }

  /// AᵀA, [columns × columns]. Answers cancellation after a tile.
  ///
  /// - Complexity: O(rows·columns²), half of it saved by symmetry.
  static func gram(_ matrix: Matrix, threads: Int) throws -> Matrix {
    let tiles = UpperTriangleTiles(matrix.columns)
    var gram = try Matrix(rows: matrix.columns, columns: matrix.columns)
    try OrderedTasks.run(tiles.count, threads: threads) { number in
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

  /// Aᵀ·B in tiles, in order of their rows and columns. Each tile has the same bits wherever the two matrices are in
  /// memory: equal matrices have equal products. Answers cancellation after a tile.
  ///
  /// - Complexity: O(rows·columns·columns).
  static func forEachTile(
    ofTransposed left: Matrix, _ right: Matrix, threads: Int,
    _ body: (_ rows: Range<Int>, _ columns: Range<Int>, _ product: [Double]) -> Void
  ) throws {
    let (rows, columns) = (
      ranges(of: left.columns, size: UpperTriangleTiles.standard),
      ranges(of: right.columns, size: UpperTriangleTiles.standard)
    )
    @Sendable func tile(_ number: Int) -> (rows: Range<Int>, columns: Range<Int>) {
      (rows[number / columns.count], columns[number % columns.count])
    }
    try OrderedTasks.run(rows.count * columns.count, threads: threads) { number in
      let (rows, columns) = tile(number)
      return multiply(
        Operand(matrix: left, start: rows.lowerBound, form: CblasTrans),
        Operand(matrix: right, start: columns.lowerBound, form: CblasNoTrans),
        rows: rows.count, columns: columns.count, inner: left.rows)
    } merge: { number, product in
      let (rows, columns) = tile(number)
      body(rows, columns, product)
    }
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
    Array(unsafeUninitializedCapacity: rows * columns) { product, count in
      multiply(left, right, rows: rows, columns: columns, inner: inner, into: product)
      count = rows * columns
    }
  }

  private static func multiply(
    _ left: Operand, _ right: Operand, rows: Int, columns: Int, inner: Int,
    into product: UnsafeMutableBufferPointer<Double>
  ) {
    useOneThread()
    guard rows > 0, columns > 0, inner > 0 else { return product.initialize(repeating: 0) }
    left.matrix.withUnsafeElements { a in
      right.matrix.withUnsafeElements { b in
        cblas_dgemm(
          CblasRowMajor, left.form, right.form, blasint(rows), blasint(columns), blasint(inner),
          1, a.baseAddress.map { $0 + left.start }, blasint(left.matrix.columns),
          b.baseAddress.map { $0 + right.start }, blasint(right.matrix.columns),
          0, product.baseAddress, blasint(columns))
      }
    }
  }
}
