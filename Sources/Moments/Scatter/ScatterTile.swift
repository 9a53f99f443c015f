/// One tile of the upper triangle of a d × d matrix, the piece of work of a scatter update.
///
/// Places and sizes are multiples of whole panels, so that the last tiles may reach into the padding beyond d.
struct ScatterTile: Equatable {
  let row: Int
  let column: Int
  let height: Int
  let width: Int

  var isDiagonal: Bool { row == column }

  /// The tiles of dimension d, by d alone. Those on the diagonal, which are half the work, come last and fill the gaps.
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

  /// About sixteen tiles a side, 136 pieces, which divide well among up to some sixty threads; of at least 48, to be worth a
  /// call, and at most 192, whose product stays in a core's cache. 48 columns are what the kernels take at once.
  static func size(dimension: Int) -> Int {
    let step = 48
    return min(max((dimension / 16 + step - 1) / step, 1), 4) * step
  }
}
