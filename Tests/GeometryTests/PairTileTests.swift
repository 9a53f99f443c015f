import Embeddings
import Moments
import Testing

@testable import Geometry

@Suite("Tiles of pairs")
struct PairTileTests {
  let table = MomentsTable(means: [[1, 0], [2, 0], [4, 0], [8, 0], [16, 0]])

  private func distances(_ tile: PairTile) -> [[Int]] {
    var found: [[Int]] = []
    tile.visit { a, b, pair in found.append([a, b, Int(pair.squaredDistance.squareRoot().rounded())]) }
    return found
  }

  @Test("A diagonal tile holds each pair once, row by row")
  func diagonal() throws {
    let tile = PairTile(try table.centred(), rows: 0..<3, columns: 0..<3)
    #expect(distances(tile) == [[0, 1, 1], [0, 2, 3], [1, 2, 2]])
  }

  @Test("A tile beside the diagonal holds all its pairs")
  func beside() throws {
    let tile = PairTile(try table.centred(), rows: 0..<2, columns: 3..<5)
    #expect(distances(tile) == [[0, 3, 7], [0, 4, 15], [1, 3, 6], [1, 4, 14]])
  }
}
