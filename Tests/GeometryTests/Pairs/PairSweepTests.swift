import Synchronization
import Testing

@testable import Geometry
@testable import Moments
@testable import Samples

@Suite("The sweep over pairs")
struct PairSweepTests {
  @Test("Tiles of any size give the same result, up to rounding", arguments: [8, 16, 40, 192])
  func tiles(size: Int) throws {
    let means = try MomentsTable.random(53, 6).centred()
    let whole = PairSweep(means)
    let tiled = PairSweep(means, tile: size)
    for (id, accumulator) in whole.tallies {
      let other = try #require(tiled.tallies[id])
      #expect(other.spread.count == 53 * 52 / 2)
      #expect(deviation(other.spread.mean, accumulator.spread.mean) < 1e-12)
      #expect(deviation(other.spread.m2, accumulator.spread.m2) < 1e-12)
      #expect(other.counts == accumulator.counts)
    }
    #expect(tiled.neighbourhoods?.map(\.nearest) == whole.neighbourhoods?.map(\.nearest))
  }

  @Test("Any number of threads gives the same bits", arguments: [2, 3, 8])
  func threads(number: Int) throws {
    let means = try MomentsTable.random(90, 6).centred()
    let one = PairSweep(means, tile: 8, threads: 1)
    let many = PairSweep(means, tile: 8, threads: number)
    #expect(many.tallies == one.tallies)
    #expect(many.neighbourhoods == one.neighbourhoods)
  }

  @Test("Progress goes up to the number of tiles")
  func progress() throws {
    let calls = Mutex<[[Int]]>([])
    _ = PairSweep(try MomentsTable.random(17, 2).centred(), tile: 8) { done, of in
      calls.withLock { $0.append([done, of]) }
    }
    #expect(calls.withLock { $0 } == (1...6).map { [$0, 6] })
  }

  @Test("One class has no pairs, with all of them or a sample")
  func single() throws {
    let means = try MomentsTable(means: [[1, 2]]).centred()
    let sweep = PairSweep(means)
    #expect(sweep.tallies.values.allSatisfy { $0.spread.count + $0.infinitePairs + $0.counts.reduce(0, +) == 0 })
    #expect(sweep.neighbourhoods == [Neighbourhood()])
    let sampled = PairSweep(means, sampling: PairSampling(pairs: 10), checkCancellation: {})
    #expect(sampled.tallies.values.allSatisfy { $0 == PairAccumulator() })
  }

  @Test("Deviations are exact when values hardly differ")
  func nearlyEqual() throws {
    // A simplex whose corners are moved by 1e-7, so cosines differ by about that.
    let noise = Matrix.random(40, 40, seed: 3).vectors
    let means = zip(unitVectors(40), noise).map { zip($0, $1).map { $0 + 1e-7 * $1 } }
    let table = MomentsTable(means: means)
    let sweep = PairSweep(try table.centred())
    let brute = BruteForce(means: means, variances: table.m2.map { $0 / 2 })
    let directions = brute.directions
    let expected = brute.overPairs { norm(minus(directions[$0], directions[$1])) }
    let accumulator = try #require(sweep.tallies["gnc2_distance"])
    #expect(deviation(accumulator.spread.mean, expected.mean) < 1e-14)
    #expect(deviation(accumulator.spread.populationDeviation, expected.std) < 1e-7)
  }
}
