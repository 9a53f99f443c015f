import Testing

@testable import Geometry
@testable import Moments

@Suite("Pairs of classes")
struct PairTests {
  private func pair(_ means: [[Double]]) throws -> Pair {
    let centred = try MomentsTable(means: means).centred()
    return centred.pair(0, 1, inner: inner(Array(centred.centred[row: 0]), Array(centred.centred[row: 1])))
  }

  @Test("Two opposite means are at right distance, and their directions at distance 2")
  func opposite() throws {
    let pair = try pair([[3, 0], [-3, 0]])
    #expect(pair.squaredDistance == 36)
    #expect(pair.variances == 2)
    #expect(pair.cosine == -1)
    #expect(pair.chord == 2)
  }

  @Test("Near-duplicate means keep all their digits", arguments: [1e-3, 1e-6, 1e-9, 1e-12])
  func nearDuplicates(gap: Double) throws {
    let pair = try pair([[1, 1 + gap], [1, 1], [-5, 2]])
    let exact = (1 + gap) - 1
    #expect(deviation(pair.squaredDistance, exact * exact) < 1e-12)
  }

  @Test("Near-parallel directions keep the digits that their means have", arguments: [1e-3, 1e-5, 1e-7])
  func nearParallel(angle: Double) throws {
    // Global mean zero: two directions at ±angle/2, and a vector that balances them.
    let (x, y) = (1.0, angle / 2)
    let pair = try pair([[x, y], [x, -y], [-2 * x, 0]])
    let exact = 2 * y / (x * x + y * y).squareRoot()
    #expect(deviation(pair.chord, exact) < 1e-9)
    #expect(deviation(pair.cosine, 1 - exact * exact / 2) < 1e-15)
  }

  @Test("Means that agree within the rounding error of an offset are identical")
  func identical() throws {
    #expect(try pair([[1e6, 1], [1e6.nextUp, 1], [0, 0]]).squaredDistance == 0)
    #expect(try pair([[1e6, 1], [1e6 + 1e-6, 1], [0, 0]]).squaredDistance > 0)
  }

  @Test("Parallel means of different length have identical directions")
  func parallel() throws {
    let pair = try pair([[0.1, 0.3], [0.3, 0.9], [-0.4, -1.2]])
    #expect(pair.chord == 0)
    #expect(pair.cosine == 1)
    #expect(pair.squaredDistance > 0)
  }

  @Test("With a class at the global mean there is a distance but no angle")
  func zero() throws {
    let pair = try pair([[0, 0], [1, 0], [-1, 0]])
    #expect(pair.squaredDistance == 1)
    #expect(pair.cosine.isNaN)
    #expect(pair.chord.isNaN)
  }
}
