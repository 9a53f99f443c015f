/// One tile of the upper triangle of a d × d matrix: one piece of work in a scatter update.
///
/// Positions and sizes are multiples of whole panels, so the last tiles may extend into the padding beyond d.
struct ScatterTile: Equatable {
  let row: Int
  let column: Int
  let height: Int
  let width: Int

  var isDiagonal: Bool { row == column }

  /// The tiles for dimension d, which depend on d alone. Diagonal tiles are half the work, so they come last to fill
  /// gaps.
  static func covering(dimension: Int, columnsPerPanel: Int) -> [ScatterTile] {
    let padded = (dimension + columnsPerPanel - 1) / columnsPerPanel * columnsPerPanel
    let size = size(dimension: dimension)
    let starts = Array(stride(from: 0, to: padded, by: size))
    let tiles = starts.flatMap { row in
      starts.filter { $0 >= row }.map { column in
        ScatterTile(row: row, column: column, height: min(size, padded - row), width: min(size, padded - column))
      }
    }
    return tiles.filter { !$0.isDiagonal } + tiles.filter(\.isDiagonal)
  }

  /// The side of a tile. About sixteen tiles per side make 136 pieces, which divide well among up to sixty threads. The
  /// side is at least 48, which the kernels take at once, and at most 192: the product must stay in a core's cache.
  static func size(dimension: Int) -> Int {
    let step = 48
    return min(max((dimension / 16 + step - 1) / step, 1), 4) * step
  }
}
