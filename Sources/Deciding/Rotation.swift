import COpenBLAS
import Geometry
import Samples
import Support

/// An orthonormal basis in which the leading coordinates of some vectors are the largest: the eigenvectors of Σ v vᵀ.
struct Rotation: Sendable {
  /// One basis vector per row, by descending eigenvalue.
  private let basis: Matrix

  /// - Throws: ``GeometryError/eigensolver(dimension:status:)``.
  init(of rows: SinglePrecisionRows) throws {
    let d = rows.columns
    try MappedMemory.check(d * d, of: Float.self, for: "products of class means")
    let gram = try UninterruptibleWork.run { Self.gram(rows) }
    var matrix = try Matrix(rows: d, columns: d)
    for row in 0..<d {
      for column in row..<d {
        matrix[row, column] = Double(gram[row * d + column])
        matrix[column, row] = matrix[row, column]
      }
    }
    basis = try SymmetricEigen(matrix).vectors.selecting((0..<d).reversed())
  }

  /// Σ v vᵀ, [d × d], on and above the diagonal.
  private static func gram(_ rows: SinglePrecisionRows) -> [Float] {
    MatrixProducts.useOneThread()
    let d = rows.columns
    var gram = [Float](repeating: 0, count: d * d)
    rows.elements.withUnsafeBufferPointer { rows in
      cblas_ssyrk(
        CblasRowMajor, CblasUpper, CblasTrans, blasint(d), blasint(rows.count / max(d, 1)), 1, rows.baseAddress,
        blasint(d), 0, &gram, blasint(d))
    }
    return gram
  }

  /// Vectors rotated at a time.
  private static let chunk = 128

  /// Bytes that rotating vectors takes.
  static func bytes(dimension: Int) -> Int { 3 * chunk * dimension * MemoryLayout<Double>.size }

  /// Rotates vectors [n × d] into this basis, in double precision.
  func rotate(_ vectors: UnsafeBufferPointer<Float>, into out: UnsafeMutablePointer<Float>) {
    let d = basis.columns
    for start in stride(from: 0, to: vectors.count, by: Self.chunk * d) {
      let range = start..<min(start + Self.chunk * d, vectors.count)
      let wide = Matrix(rows: range.count / d, columns: d, elements: vectors[range].map(Double.init))
      let turned = MatrixProducts.ofRows(wide, 0..<wide.rows, basis, 0..<d)
      for (place, value) in turned.enumerated() { out[start + place] = Float(value) }
    }
  }

  func rotate(_ slice: FeatureSlice) -> FeatureSlice {
    var turned = slice
    turned.elements = [Float](unsafeUninitializedCapacity: slice.elements.count) { out, count in
      slice.elements.withUnsafeBufferPointer { elements in
        if let out = out.baseAddress { rotate(elements, into: out) }
      }
      count = slice.elements.count
    }
    return turned
  }

  func rotate(_ rows: SinglePrecisionRows, workers: WorkerThreads) throws -> SinglePrecisionRows {
    let chunk = ProductSearch.tile * rows.columns
    var turned = rows
    try MappedMemory.check(rows.elements.count, of: Float.self, for: "the class means in another basis")
    turned.elements = try [Float](unsafeUninitializedCapacity: rows.elements.count) { out, count in
      // Each piece writes its own rows.
      nonisolated(unsafe) let start = out.baseAddress
      try rows.elements.withUnsafeBufferPointer { elements in
        nonisolated(unsafe) let elements = elements
        try workers.runUnlessCancelled((elements.count + chunk - 1) / chunk) { piece in
          let range = piece * chunk..<min((piece + 1) * chunk, elements.count)
          if let start {
            rotate(UnsafeBufferPointer(rebasing: elements[range]), into: start + range.lowerBound)
          }
        }
      }
      count = rows.elements.count
    }
    return turned
  }
}
