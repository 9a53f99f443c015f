import COpenBLAS
import Embeddings

/// The pooled within-class scatter Σ_c Σ (h − μ_c)(h − μ_c)ᵀ, [d × d], updated by blocks of rows.
///
/// Only the upper triangle is kept up, in tiles of fixed size that are pieces of work of their own, so that any number of
/// threads gives the same bits. OpenBLAS is kept to one thread: its own way of dividing work changes last digits with
/// the number of threads.
final class PooledScatter {
  let dimension: Int
  private var upper: Matrix
  private static let tile = 256

  init(dimension: Int) {
    self.dimension = dimension
    upper = Matrix(rows: dimension, columns: dimension)
    openblas_set_num_threads(1)
  }

  /// Adds `weight` · RᵀR for `count` rows R [count × d].
  func add(_ rows: UnsafePointer<Double>, count: Int, weight: Double, workers: Workers) {
    guard count > 0 else { return }
    let tiles = (dimension + Self.tile - 1) / Self.tile
    let pairs = (0..<tiles).flatMap { first in (first..<tiles).map { (first, $0) } }
    let dimension = self.dimension
    upper.withUnsafeMutableElements { elements in
      // Each piece writes the tile of its own pair; `rows` is only read.
      nonisolated(unsafe) let scatter = elements.baseAddress
      nonisolated(unsafe) let rows = rows
      workers.run(pairs.count) { piece in
        guard let scatter else { return }
        let (first, second) = pairs[piece]
        let (row, column) = (first * Self.tile, second * Self.tile)
        let height = min(Self.tile, dimension - row)
        let width = min(Self.tile, dimension - column)
        let target = scatter + row * dimension + column
        let d = Int32(dimension)
        if first == second {
          cblas_dsyrk(
            CblasRowMajor, CblasUpper, CblasTrans, Int32(height), Int32(count), weight, rows + row, d, 1, target, d)
        } else {
          cblas_dgemm(
            CblasRowMajor, CblasTrans, CblasNoTrans, Int32(height), Int32(width), Int32(count), weight, rows + row, d,
            rows + column, d, 1, target, d)
        }
      }
    }
  }

  /// Adds another scatter.
  func add(_ other: Matrix) {
    for row in 0..<dimension {
      for column in row..<dimension { upper[row, column] += other[row, column] }
    }
  }

  /// Both triangles.
  var matrix: Matrix {
    var full = upper
    for row in 0..<dimension {
      for column in 0..<row { full[row, column] = upper[column, row] }
    }
    return full
  }
}
