import Testing

@testable import Geometry

@Suite("Tiles of the upper triangle")
struct UpperTriangleTilesTests {
  @Test("Five rows in tiles of two have six tiles")
  func small() {
    let tiles = UpperTriangleTiles(5, tile: 2)
    #expect(tiles.count == 6)
    #expect(tiles[0] == (0..<2, 0..<2))
    #expect(tiles[2] == (0..<2, 4..<5))
    #expect(tiles[5] == (4..<5, 4..<5))
  }

  @Test("Every pair is in exactly one tile", arguments: [1, 2, 7, 8, 9, 30])
  func cover(n: Int) {
    let tiles = UpperTriangleTiles(n, tile: 8)
    var pairs: Set<[Int]> = []
    for number in 0..<tiles.count {
      for a in tiles[number].rows {
        for b in tiles[number].columns where a < b { #expect(pairs.insert([a, b]).inserted) }
      }
    }
    #expect(pairs.count == n * (n - 1) / 2)
  }

  @Test("No rows have no tiles")
  func none() { #expect(UpperTriangleTiles(0).count == 0) }
}
