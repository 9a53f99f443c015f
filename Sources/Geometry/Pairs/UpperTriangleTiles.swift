/// The upper triangle of an n×n matrix in square tiles, including those on the diagonal, numbered row by row.
///
/// The tile size is part of the algorithm: another size gives other last digits.
package struct UpperTriangleTiles: Sendable {
  /// Rows and columns of a tile: its Gram matrix and what is derived from it fit a core's second-level cache.
  package static let standard = 128

  private let blocks: [Range<Int>]
  private let tiles: [(row: Int, column: Int)]

  package init(_ n: Int, tile: Int = standard) {
    let blocks = ranges(of: n, size: tile)
    self.blocks = blocks
    tiles = blocks.indices.flatMap { row in (row..<blocks.count).map { (row, $0) } }
  }

  package var count: Int { tiles.count }

  package subscript(number: Int) -> (rows: Range<Int>, columns: Range<Int>) {
    (blocks[tiles[number].row], blocks[tiles[number].column])
  }
}

/// 0 ..< n cut into ranges of `size`; the last one may be shorter.
package func ranges(of n: Int, size: Int) -> [Range<Int>] {
  stride(from: 0, to: n, by: size).map { $0..<min($0 + size, n) }
}
