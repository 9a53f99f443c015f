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
    let whole = try PairSweep(means)
    let tiled = try PairSweep(means, tile: size)
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
    let one = try PairSweep(means, tile: 8, threads: 1)
    let many = try PairSweep(means, tile: 8, threads: number)
    #expect(many.tallies == one.tallies)
    #expect(many.neighbourhoods == one.neighbourhoods)
  }

  @Test("CDNV by level is that of the pairs of which both classes have the level, on any number of threads")
  func levels() throws {
    // Two means agree, and so do two directions.
    var means = Matrix.random(61, 4, seed: 2).vectors
    (means[7], means[40]) = (means[3], means[9].map { 2 * $0 })
    let centred = try MomentsTable(means: means).centred()
    let levels = (0..<61).map { ($0 * 7) % (PairSweep.mostLevels + 1) }
    let sweep = try PairSweep(centred, levels: levels, tile: 16, threads: 1) {}
    #expect(try PairSweep(centred, levels: levels, tile: 16, threads: 3) {}.levels == sweep.levels)
    #expect(sweep.tallies == (try PairSweep(centred, tile: 16).tallies))
    for (index, found) in sweep.levels.enumerated() {
      let chosen = levels.indices.filter { levels[$0] > index }
      var values: [Double] = []
      for (place, a) in chosen.enumerated() {
        for b in chosen[(place + 1)...] {
          let squared = zip(means[a], means[b]).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
          values.append((centred.variances[a] + centred.variances[b]) / (2 * squared))
        }
      }
      let finite = RunningVariance(values.filter(\.isFinite))
      #expect(found.spread.count == finite.count && found.infinitePairs == values.count - finite.count)
      #expect(deviation(found.spread.mean, finite.mean) < 1e-12 && deviation(found.spread.m2, finite.m2) < 1e-11)
    }
    #expect(sweep.levels[0].infinitePairs == 1 && sweep.levels.count == 5)
  }

  @Test("Progress goes up to the number of tiles")
  func progress() throws {
    let calls = Mutex<[[Int]]>([])
    _ = try PairSweep(try MomentsTable.random(17, 2).centred(), tile: 8) { done, of in
      calls.withLock { $0.append([done, of]) }
    }
    #expect(calls.withLock { $0 } == (1...6).map { [$0, 6] })
  }

  @Test("One class has no pairs, with all of them or a sample")
  func single() throws {
    let means = try MomentsTable(means: [[1, 2]]).centred()
    let sweep = try PairSweep(means)
    #expect(sweep.tallies.values.allSatisfy { $0.spread.count + $0.infinitePairs + $0.counts.reduce(0, +) == 0 })
    #expect(sweep.neighbourhoods == [Neighbourhood()])
    let sampled = try PairSweep(means, sampling: PairSampling(pairs: 10), checkCancellation: {})
    #expect(sampled.tallies.values.allSatisfy { $0 == PairAccumulator() })
  }

  @Test("Deviations are exact when values hardly differ")
  func nearlyEqual() throws {
    // A simplex whose corners are moved by 1e-7, so cosines differ by about that.
    let noise = Matrix.random(40, 40, seed: 3).vectors
    let means = zip(unitVectors(40), noise).map { zip($0, $1).map { $0 + 1e-7 * $1 } }
    let table = MomentsTable(means: means)
    let sweep = try PairSweep(try table.centred())
    let brute = BruteForce(means: means, variances: table.m2.map { $0 / 2 })
    let directions = brute.directions
    let expected = brute.overPairs { norm(minus(directions[$0], directions[$1])) }
    let accumulator = try #require(sweep.tallies["gnc2_distance"])
    #expect(deviation(accumulator.spread.mean, expected.mean) < 1e-14)
    #expect(deviation(accumulator.spread.populationDeviation, expected.std) < 1e-7)
  }
}
