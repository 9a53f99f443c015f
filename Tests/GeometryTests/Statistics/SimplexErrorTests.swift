import Testing

@testable import Geometry
@testable import Moments
@testable import Samples

@Suite("Simplex error")
struct SimplexErrorTests {
  @Test("A simplex has no error", arguments: [2, 3, 10, 150])
  func simplex(k: Int) throws {
    let error = try MomentsTable(means: unitVectors(k)).measure().scalar("nc2_etf_error")
    #expect(try #require(error) < 1e-13)
  }

  @Test("Three pairs of opposite axes: S has 6 entries of 1 and 6 of −1")
  func crossPolytope() throws {
    let axes = unitVectors(3)
    let means = axes + axes.map { $0.map { -$0 } }
    // tr S = 6, ‖S‖ = √12, so error² = 2 − 2·6/(√12·√5).
    let expected = (2 - 12 / 60.0.squareRoot()).squareRoot()
    #expect(deviation(try MomentsTable(means: means).measure().scalar("nc2_etf_error"), expected) < 1e-14)
  }

  @Test("Close to collapse, digits are kept", arguments: [0.3, 1e-1, 1e-2, 1e-4, 1e-6, 1e-7])
  func approach(distance: Double) throws {
    let k = 20
    let noise = Matrix.random(k, k, seed: 9).vectors
    let means = zip(unitVectors(k), noise).map { zip($0, $1).map { $0 + distance * $1 } }
    let centred = BruteForce(means: means, variances: []).centred
    let error = try MomentsTable(means: means).measure().scalar("nc2_etf_error")
    #expect(deviation(error, BruteForce.simplexError(centred, centred)) < 1e-9)
  }

  @Test("Random classes agree with S computed in full, with and without an offset", arguments: [0.0, 1e6])
  func random(offset: Double) throws {
    let table = MomentsTable.random(150, 11, offset: offset)
    let centred = BruteForce(means: table.means.vectors, variances: []).centred
    let expected = BruteForce.simplexError(centred, centred)
    #expect(deviation(try table.measure().scalar("nc2_etf_error"), expected) < 1e-12)
  }

  @Test("Weighted centring agrees with S computed in full, too")
  func weighted() throws {
    let table = MomentsTable.random(40, 6)
    let centred = try table.centred(.weighted).centred.vectors
    let measures = try table.measure(options: GeometryOptions(globalMean: .weighted))
    #expect(deviation(try measures.scalar("nc2_etf_error"), BruteForce.simplexError(centred, centred)) < 1e-12)
  }

  @Test("With one class, or with equal means, it is undefined")
  func undefined() throws {
    #expect(try MomentsTable(means: [[1, 2]]).measure().scalar("nc2_etf_error") == nil)
    #expect(try MomentsTable(means: [[0.1, 2], [0.1, 2]]).measure().scalar("nc2_etf_error") == nil)
  }
}
