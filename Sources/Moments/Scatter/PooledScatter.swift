import CollapseKernels
import Samples
import Support

/// The pooled within-class scatter Σ_c Σ (h − μ_c)(h − μ_c)ᵀ, [d × d], updated by blocks of rows: S ← S + RᵀR.
///
/// Only the upper triangle is updated, in tiles that are separate pieces of work. Tiles depend on d alone, and the
/// order of summation on the number of rows alone. Any number of threads and any processor therefore give the same
/// bits. (A BLAS gives different bits for each number of threads and each processor.)
///
/// - In double precision, sums of blocks carry their rounding errors (TwoSum). Features after a layer norm hardly vary
///   along one direction, and nc1_pinv sees that direction as a difference of numbers 10⁸ times larger.
/// - In single precision, rows are rounded to float32 and multiplied in it, 128 at a time. Their sums are float64
///   without low parts, which would be far below the error of the products. The error is about 10⁻⁷, at most 10⁻⁶, of the
///   largest entries, and falls with the root of the number of samples. Residuals above 10¹⁸ or below 10⁻²² are out of
///   range.
/// - Memory: d² doubles, and as many low parts in double precision. One copy of an update's rows: at most 32 MiB up to
///   d = 16384, and 256 rows beyond. A tile of at most 192 × 192 doubles per thread.
/// - Complexity: d² multiply-adds for every two rows.
package final class PooledScatter {
  /// The precision in which rows are multiplied.
  package enum Precision: CaseIterable {
    case double, single

    var columnsPerPanel: Int {
      switch self {
      case .double: RowPanels.bytes / MemoryLayout<Double>.size
      case .single: RowPanels.bytes / MemoryLayout<Float>.size
      }
    }
  }

  package let dimension: Int
  private let precision: Precision
  let workspace: Workspace
  private var upper: Matrix
  /// The low part of `upper`; empty if not kept.
  private var lowParts: Matrix

  /// The working memory of an update. Scatters of the same dimension and precision may share it if updated one at a
  /// time.
  package final class Workspace {
    fileprivate let tiles: [ScatterTile]
    fileprivate var panels: RowPanels

    init(dimension: Int, precision: Precision) {
      tiles = ScatterTile.covering(dimension: dimension, columnsPerPanel: precision.columnsPerPanel)
      panels = RowPanels(dimension: dimension, precision: precision)
    }
  }

  /// - Parameter workspace: one of the same dimension and precision; nil for a new one.
  package init(dimension: Int, precision: Precision = .double, workspace: Workspace? = nil) {
    (self.dimension, self.precision) = (dimension, precision)
    self.workspace = workspace ?? Workspace(dimension: dimension, precision: precision)
    upper = Self.zeros(dimension)
    lowParts = precision == .double ? upper : Self.zeros(0)
  }

  /// Callers have planned the memory of a scatter; see ``ClassMoments/workingBytes(dimension:within:)``.
  private static func zeros(_ dimension: Int) -> Matrix {
    Matrix(rows: dimension, columns: dimension, elements: Array(repeating: 0, count: dimension * dimension))
  }

  /// Rows of d numbers each.
  struct Rows {
    let start: UnsafePointer<Double>
    let count: Int
  }

  /// The best number of rows for an update, a power of two. With enough rows, multiplying them outweighs adding d²/2
  /// products with their low parts. They stay within 32 MiB of float64, but there are at least 256.
  package static func rowsPerUpdate(dimension: Int) -> Int {
    let fitting = (32 << 20) / (max(dimension, 1) * MemoryLayout<Double>.size)
    let power = 1 << (Int.bitWidth - 1 - max(fitting, 1).leadingZeroBitCount)
    return min(max(power, 256), 2048)
  }

  /// Adds RᵀR for the given rows R, at most ``rowsPerUpdate(dimension:)`` at a time.
  func update(adding rows: Rows, workers: WorkerThreads) {
    let most = Self.rowsPerUpdate(dimension: dimension)
    for first in stride(from: 0, to: rows.count, by: most) {
      workspace.panels.fill(
        Rows(start: rows.start + first * dimension, count: min(most, rows.count - first)), workers: workers)
      addPanels(workers)
    }
  }

  private func addPanels(_ workers: WorkerThreads) {
    withSums { sums in
      // Each piece writes its own tile of the sums; the panels are only read.
      nonisolated(unsafe) let (scatter, sums) = (self, sums)
      workers.run(workspace.tiles.count) { piece in
        let tile = scatter.workspace.tiles[piece]
        withUnsafeTemporaryAllocation(
          byteCount: tile.height * tile.width * MemoryLayout<Double>.stride, alignment: RowPanels.bytes
        ) { buffer in
          // Never empty: a tile has rows and columns.
          guard let product = buffer.baseAddress?.assumingMemoryBound(to: Double.self) else { return }
          scatter.multiply(tile, into: product)
          sums.add(product, of: tile)
        }
      }
    }
  }

  private func multiply(_ tile: ScatterTile, into product: UnsafeMutablePointer<Double>) {
    switch precision {
    case .double:
      collapse_scatter_f64(
        workspace.panels.start.assumingMemoryBound(to: Double.self), workspace.panels.rows, tile.row, tile.height,
        tile.column, tile.width,
        product)
    case .single:
      collapse_scatter_f32(
        workspace.panels.start.assumingMemoryBound(to: Float.self), workspace.panels.rows, tile.row, tile.height,
        tile.column, tile.width,
        product)
    }
  }

  /// Adds rows of another scatter, starting with its row `first`. Entries below the diagonal are ignored.
  package func add(rows: Matrix, from first: Int) {
    let tile = ScatterTile(row: first, column: 0, height: rows.rows, width: dimension)
    rows.withUnsafeElements { rows in
      guard let start = rows.baseAddress else { return }
      withSums { $0.add(start, of: tile) }
    }
  }

  /// Adds the ``matrix`` of another scatter of this dimension.
  func add(_ other: PooledScatter) throws {
    let atOnce = MomentsTable.rowsPerRun(dimension: dimension)
    for start in stride(from: 0, to: dimension, by: atOnce) {
      add(rows: try other.rows(start..<min(start + atOnce, dimension)), from: start)
    }
  }

  private func withSums(_ body: (ScatterSums) -> Void) {
    upper.withUnsafeMutableElements { upper in
      lowParts.withUnsafeMutableElements { lowParts in
        guard let start = upper.baseAddress else { return }
        body(ScatterSums(dimension: dimension, sums: start, lowParts: lowParts.isEmpty ? nil : lowParts.baseAddress))
      }
    }
  }

  /// The full symmetric matrix.
  var matrix: Matrix { get throws { try rows(0..<dimension) } }

  /// Some rows of the full symmetric matrix.
  package func rows(_ range: Range<Int>) throws -> Matrix {
    try Matrix(rows: range.count, columns: dimension) { elements in
      upper.withUnsafeElements { upper in
        lowParts.withUnsafeElements { lowParts in
          for row in range {
            for column in 0..<dimension {
              let place = min(row, column) * dimension + max(row, column)
              let lowPart = lowParts.isEmpty ? 0 : lowParts[place]
              elements[(row - range.lowerBound) * dimension + column] = upper[place] + lowPart
            }
          }
        }
      }
    }
  }
}

extension PooledScatter: Snapshot {
  package func save(to writer: any SnapshotWriter) throws {
    try writer.section("scatter", upper.elements)
    try writer.section("scatter_carry", lowParts.elements)
  }

  package func restore(from reader: any SnapshotReader) throws {
    let sums = try reader.numbers("scatter", as: Double.self)
    let rest = try reader.numbers("scatter_carry", as: Double.self)
    guard sums.count == upper.elements.count, rest.count == lowParts.elements.count else {
      throw reader.refusal(expected: "a scatter of dimension \(dimension)", found: "a different one")
    }
    guard sums.allSatisfy(\.isFinite), rest.allSatisfy(\.isFinite) else {
      throw reader.refusal(expected: "a finite scatter", found: "a NaN or an infinity")
    }
    upper = Matrix(rows: upper.rows, columns: upper.columns, elements: sums)
    lowParts = Matrix(rows: lowParts.rows, columns: lowParts.columns, elements: rest)
  }
}

/// The sums of a scatter, [d × d], and their low parts.
private struct ScatterSums {
  let dimension: Int
  let sums: UnsafeMutablePointer<Double>
  let lowParts: UnsafeMutablePointer<Double>?

  /// Adds `terms`, [height × width] of a tile, except those outside d × d or below the diagonal.
  func add(_ terms: UnsafePointer<Double>, of tile: ScatterTile) {
    let end = min(tile.column + tile.width, dimension)
    for row in tile.row..<min(tile.row + tile.height, dimension) {
      let first = max(tile.column, row)
      let from = terms + (row - tile.row) * tile.width + (first - tile.column)
      let place = row * dimension + first
      if let lowParts {
        collapse_add_carrying(from, end - first, sums + place, lowParts + place)
      } else {
        collapse_add(from, end - first, sums + place)
      }
    }
  }
}
