import Testing

@testable import Moments

@Suite("Scatter tiles")
struct ScatterTileTests {
  @Test(
    "Every entry on and above the diagonal lies in one tile, and none is empty", arguments: [1, 8, 47, 48, 100, 577])
  func cover(dimension: Int) {
    for columns in [8, 16] {
      var covered = Array(repeating: 0, count: (dimension + columns) * (dimension + columns))
      for tile in ScatterTile.covering(dimension: dimension, columnsPerPanel: columns) {
        #expect([tile.row, tile.column, tile.height, tile.width].allSatisfy { $0 % columns == 0 })
        #expect(tile.height > 0 && tile.width > 0)
        for row in tile.row..<tile.row + tile.height {
          for column in tile.column..<tile.column + tile.width { covered[row * (dimension + columns) + column] += 1 }
        }
      }
      for row in 0..<dimension {
        for column in row..<dimension { #expect(covered[row * (dimension + columns) + column] == 1) }
      }
    }
  }

  @Test("Tiles on the diagonal come last")
  func order() {
    let tiles = ScatterTile.covering(dimension: 130, columnsPerPanel: 8)
    #expect(tiles.map(\.isDiagonal) == [false, false, false, true, true, true])
    #expect(tiles.first == ScatterTile(row: 0, column: 48, height: 48, width: 48))
    #expect(tiles.last == ScatterTile(row: 96, column: 96, height: 40, width: 40))
  }

  @Test(
    "Tiles are multiples of 48, from 48 to 192",
    arguments: [(1, 48), (576, 48), (768, 48), (784, 96), (2048, 144), (9000, 192)])
  func sizes(dimension: Int, size: Int) {
    #expect(ScatterTile.size(dimension: dimension) == size)
  }
}
