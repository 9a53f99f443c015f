import COpenBLAS
import Embeddings

/// The pooled within-class scatter Σ_c Σ (h − μ_c)(h − μ_c)ᵀ, [d × d], updated by blocks of rows.
///
/// Only the upper triangle is kept up, in tiles of fixed size that are pieces of work of their own, so that any number of
/// threads gives the same bits. OpenBLAS is kept to one thread: its own way of dividing work changes last digits with
/// the number of threads.
///
/// Blocks are added with their rounding carried along (TwoSum): features behind a layer norm hardly vary along one
/// direction, and what nc1_pinv makes of that direction is a difference of numbers 10⁸ times larger.
final class PooledScatter {
  let dimension: Int
  private var upper: Matrix
  /// What the rounding of `upper` left over.
  private var carries: Matrix
  private static let tile = 256

  init(dimension: Int) {
    self.dimension = dimension
    upper = Matrix(rows: dimension, columns: dimension)
    carries = Matrix(rows: dimension, columns: dimension)
    openblas_set_num_threads(1)
  }

  static func rowsPerUpdate(dimension: Int) -> Int { 1024 }

  /// Rows of d doubles.
  struct Rows {
    let start: UnsafePointer<Double>
    let count: Int
  }

  /// Adds RᵀR for the rows R of `added`, and subtracts it for those of `subtracted`.
  func update(adding added: Rows, subtracting subtracted: Rows? = nil, workers: Workers) {
    let tiles = (dimension + Self.tile - 1) / Self.tile
    let pairs = (0..<tiles).flatMap { first in (first..<tiles).map { (first, $0) } }
    upper.withUnsafeMutableElements { upper in
      carries.withUnsafeMutableElements { carries in
        // Each piece writes the tile of its own pair; the rows are only read.
        nonisolated(unsafe) let (upper, carries) = (upper, carries)
        nonisolated(unsafe) let (added, subtracted, scatter) = (added, subtracted, self)
        workers.run(pairs.count) { piece in
          let tile = ScatterTile(scatter.dimension, pairs[piece].0 * Self.tile, pairs[piece].1 * Self.tile, Self.tile)
          withUnsafeTemporaryAllocation(of: Double.self, capacity: tile.height * tile.width) { product in
            tile.multiply(added, weight: 1, keeping: 0, into: product)
            if let subtracted { tile.multiply(subtracted, weight: -1, keeping: 1, into: product) }
            tile.add(product, to: upper, carries)
          }
        }
      }
    }
  }

  /// Adds another scatter.
  func add(_ other: Matrix) {
    upper.withUnsafeMutableElements { upper in
      carries.withUnsafeMutableElements { carries in
        for row in 0..<dimension {
          for place in row * dimension + row..<(row + 1) * dimension {
            addCarrying(other.elements[place], to: &upper[place], &carries[place])
          }
        }
      }
    }
  }

  /// Both triangles.
  var matrix: Matrix {
    var full = upper
    full.withUnsafeMutableElements { full in
      for row in 0..<dimension {
        for column in row..<dimension {
          let sum = upper[row, column] + carries[row, column]
          full[row * dimension + column] = sum
          full[column * dimension + row] = sum
        }
      }
    }
    return full
  }
}

/// One tile of the upper triangle: the products of some features with some others.
private struct ScatterTile {
  let dimension: Int
  let row: Int
  let column: Int
  let height: Int
  let width: Int

  init(_ dimension: Int, _ row: Int, _ column: Int, _ size: Int) {
    self.dimension = dimension
    self.row = row
    self.column = column
    height = min(size, dimension - row)
    width = min(size, dimension - column)
  }

  /// product ← weight · RᵀR + keeping · product, [height × width]; of a diagonal tile the upper triangle.
  func multiply(
    _ rows: PooledScatter.Rows, weight: Double, keeping: Double, into product: UnsafeMutableBufferPointer<Double>
  ) {
    let (d, n) = (Int32(dimension), Int32(rows.count))
    if row == column {
      cblas_dsyrk(
        CblasRowMajor, CblasUpper, CblasTrans, Int32(height), n, weight, rows.start + row, d, keeping,
        product.baseAddress, Int32(width))
    } else {
      cblas_dgemm(
        CblasRowMajor, CblasTrans, CblasNoTrans, Int32(height), Int32(width), n, weight, rows.start + row, d,
        rows.start + column, d, keeping, product.baseAddress, Int32(width))
    }
  }

  func add(
    _ product: UnsafeMutableBufferPointer<Double>, to upper: UnsafeMutableBufferPointer<Double>,
    _ carries: UnsafeMutableBufferPointer<Double>
  ) {
    for i in 0..<height {
      for j in (row == column ? i : 0)..<width {
        let place = (row + i) * dimension + column + j
        addCarrying(product[i * width + j], to: &upper[place], &carries[place])
      }
    }
  }
}

/// sum + carry ← sum + carry + term, exactly up to the rounding of the carry (Knuth's TwoSum).
private func addCarrying(_ term: Double, to sum: inout Double, _ carry: inout Double) {
  let next = sum + term
  let part = next - sum
  carry += (sum - (next - part)) + (term - part)
  sum = next
}
