import Embeddings
import Moments
import Synchronization
import Testing

@testable import Geometry

@Suite("The sweep over pairs")
struct PairSweepTests {
  @Test("Tiles of any size come to the same, up to rounding", arguments: [1, 4, 7, 100])
  func tiles(size: Int) throws {
    let means = try MomentsTable.random(23, 6).centred()
    let whole = PairSweep(means, Statistics.overPairs)
    let tiled = PairSweep(means, Statistics.overPairs, tile: size)
    for (id, tally) in whole.tallies {
      let other = try #require(tiled.tallies[id])
      #expect(other.spread.count == 23 * 22 / 2)
      #expect(deviation(other.spread.mean, tally.spread.mean) < 1e-12)
      #expect(deviation(other.spread.m2, tally.spread.m2) < 1e-12)
    }
    #expect(tiled.neighbourhoods.map(\.nearest) == whole.neighbourhoods.map(\.nearest))
  }

  @Test("Any number of threads gives the same bits", arguments: [2, 3, 8])
  func threads(number: Int) throws {
    let means = try MomentsTable.random(90, 6).centred()
    let one = PairSweep(means, Statistics.overPairs, tile: 4, threads: 1)
    let many = PairSweep(means, Statistics.overPairs, tile: 4, threads: number)
    #expect(many.tallies == one.tallies)
    #expect(many.neighbourhoods == one.neighbourhoods)
  }

  @Test("Progress goes up to the number of tiles")
  func progress() throws {
    let calls = Mutex<[[Int]]>([])
    _ = PairSweep(try MomentsTable.random(9, 2).centred(), [], tile: 4) { done, of in
      calls.withLock { $0.append([done, of]) }
    }
    #expect(calls.withLock { $0 } == (1...6).map { [$0, 6] })
  }

  @Test("One class has no pairs")
  func single() throws {
    let sweep = PairSweep(try MomentsTable(means: [[1, 2]]).centred(), Statistics.overPairs)
    #expect(sweep.tallies.values.allSatisfy { $0 == PairTally() })
    #expect(sweep.neighbourhoods == [Neighbourhood()])
  }
}
