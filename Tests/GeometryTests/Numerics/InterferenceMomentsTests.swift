import Testing

@testable import Geometry
@testable import Moments
@testable import Samples

@Suite("Interference in closed form")
struct InterferenceMomentsTests {
  private func moments(_ means: [[Double]], threads: Int = 1) throws -> InterferenceMoments {
    try InterferenceMoments(try MomentsTable(means: means).centred(), threads: threads)
  }

  private func byPairs(_ means: [[Double]]) -> (mean: Double, std: Double) {
    let force = BruteForce(means: means, variances: [])
    let directions = force.directions
    return force.overPairs { inner(directions[$0], directions[$1]) }
  }

  @Test("Three orthogonal pairs of opposites: 12 pairs at 0 and 3 at −1")
  func crossPolytope() throws {
    let axes = unitVectors(3)
    let moments = try moments(axes + axes.map { $0.map { -$0 } })
    #expect(deviation(moments.mean, -0.2) < 1e-15)
    #expect(deviation(moments.std, 0.4) < 1e-15)
    #expect(moments.isAccurate)
  }

  @Test("Two opposites are one pair, at −1")
  func opposites() throws {
    let moments = try moments([[0.3, 0.1], [-0.3, -0.1]])
    #expect(deviation(moments.mean, -1) < 1e-15)
    #expect(moments.std == 0)
    #expect(moments.isAccurate)
  }

  @Test("A class at the global mean takes no part")
  func zero() throws {
    let moments = try moments([[1, 0], [-1, 0], [0, 1], [0, -1], [0, 0]])
    #expect(deviation(moments.mean, -1.0 / 3) < 1e-15)
    #expect(deviation(moments.std, 2.0.squareRoot() / 3) < 1e-15)
  }

  @Test(
    "With fewer than two directions there is nothing, and nothing is accurate",
    arguments: [[[1.0, 2]], [[1, 2], [1, 2]]])
  func undefined(means: [[Double]]) throws {
    let moments = try moments(means)
    #expect(moments.mean == nil && moments.std == nil && !moments.isAccurate)
  }

  @Test("A simplex has its mean to the last digits, and a deviation that is not accurate", arguments: [3, 10, 200])
  func simplex(k: Int) throws {
    let moments = try moments(unitVectors(k))
    #expect(deviation(moments.mean, -1 / Double(k - 1)) < 1e-13)
    #expect(!moments.isAccurate)
    #expect(try #require(moments.std) < 1e-7)
  }

  @Test(
    "Random classes agree with all pairs one by one", arguments: [(150, 11), (20, 300), (12, 11), (600, 2)], [0, 1e6])
  func random(size: (classes: Int, dimension: Int), offset: Double) throws {
    let means = Matrix.random(size.classes, size.dimension, offset: offset, seed: 5).vectors
    let (moments, pairs) = (try moments(means), byPairs(means))
    // Each way of centring rounds the means differently.
    let tolerance = offset == 0 ? 1e-11 : 1e-9
    #expect(deviation(moments.mean, pairs.mean) < tolerance)
    #expect(deviation(moments.std, pairs.std) < tolerance)
    #expect(moments.isAccurate)
  }

  @Test("Close to a simplex, the error is within its bound", arguments: [0.1, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7])
  func bound(distance: Double) throws {
    let noise = Matrix.random(20, 20, seed: 9).vectors
    let means = zip(unitVectors(20), noise).map { zip($0, $1).map { $0 + distance * $1 } }
    let (moments, pairs) = (try moments(means), byPairs(means))
    // The pairs' own values are rounded to 1e-16.
    let error = abs(try #require(moments.std) - pairs.std) - 1e-15
    #expect(error <= moments.stdError * pairs.std || moments.stdError > 0.1)
    #expect(moments.isAccurate == (distance > 1e-3))
  }

  @Test("Near a simplex, the reported deviation is that of the pairs", arguments: [1e-4, 1e-6, 1e-7])
  func reported(distance: Double) throws {
    let noise = Matrix.random(20, 20, seed: 9).vectors
    let means = zip(unitVectors(20), noise).map { zip($0, $1).map { $0 + distance * $1 } }
    let pairs = try MomentsTable(means: means).measure().pairs("nc2_interference")
    #expect(deviation(pairs.std, byPairs(means).std) < 1e-15 / distance)
  }

  @Test(
    "More directions than one product takes agree with the sweep over pairs, bit-identical for any threads")
  func many() throws {
    let centred = try MomentsTable(means: Matrix.random(5000, 3, seed: 2).vectors).centred()
    let moments = try InterferenceMoments(centred, threads: 1)
    let swept = try PairSweep(centred, threads: 2).tallies["nc2_interference"]?.spread
    #expect(deviation(moments.mean, try #require(swept?.mean)) < 1e-10)
    #expect(deviation(moments.std, try #require(swept?.populationDeviation)) < 1e-11)
    #expect(try InterferenceMoments(centred, threads: 3) == moments)
  }
}
