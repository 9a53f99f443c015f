import Foundation
import Testing

@testable import Moments
@testable import Samples

@Suite("Hyperspherical uniformity")
struct HypersphericalUniformityTests {
  @Test("Two opposite classes: distance 2, log 1/2, Riesz 1/2")
  func opposite() throws {
    let measures = try MomentsTable(means: [[3, 0], [-3, 0]]).measure()
    #expect(try measures.pairs("gnc2_distance").mean == 2)
    #expect(try measures.pairs("gnc2_log").mean == -log(2))
    #expect(try measures.pairs("gnc2_riesz1").mean == 0.5)
  }

  @Test("A simplex has one distance, √(2K/(K − 1))", arguments: [3, 5, 130])
  func simplex(k: Int) throws {
    let measures = try MomentsTable(means: unitVectors(k)).measure()
    let distance = (2 * Double(k) / Double(k - 1)).squareRoot()
    #expect(deviation(try measures.pairs("gnc2_distance").mean, distance) < 1e-14)
    #expect(deviation(try measures.pairs("gnc2_log").mean, -log(distance)) < 1e-14)
    #expect(try #require(try measures.pairs("gnc2_log").std) < 1e-14)
  }

  @Test("Identical directions have distance 0; log and Riesz leave them out and count them")
  func identical() throws {
    let measures = try MomentsTable(means: [[1, 0], [2, 0], [-3, 0]]).measure()
    #expect(deviation(try measures.pairs("gnc2_distance").mean, 4.0 / 3) < 1e-15)
    #expect(try measures.pairs("gnc2_distance").infinitePairs == 0)
    for id in ["gnc2_log", "gnc2_riesz1"] {
      #expect(try measures.pairs(id).infinitePairs == 1)
      #expect(try measures.pairs(id).pairs == 2)
    }
    #expect(try measures.pairs("gnc2_riesz1").mean == 0.5)
  }

  @Test("Random classes agree with all pairs one by one, with and without an offset", arguments: [0.0, 1e6])
  func random(offset: Double) throws {
    try check(MomentsTable.random(150, 11, offset: offset), within: 1e-11)
  }

  @Test("Nearly parallel classes agree to the digits that their means have", arguments: [1e-4, 1e-6])
  func nearlyParallel(angle: Double) throws {
    var means = Matrix.random(40, 5, seed: 8).vectors
    for row in 0..<20 { means[20 + row] = zip(means[row], means[39 - row]).map { $0 + angle * $1 } }
    try check(MomentsTable(means: means), within: 1e-10)
  }

  private func check(_ table: MomentsTable, within bound: Double) throws {
    let force = BruteForce(means: table.means.vectors, variances: [])
    let directions = force.directions
    let measures = try table.measure()
    let statistics: [(String, (Double) -> Double)] = [
      ("gnc2_log", { log(1 / $0) }), ("gnc2_distance", { $0 }), ("gnc2_riesz1", { 1 / $0 }),
    ]
    for (id, value) in statistics {
      let expected = force.overPairs { value(norm(minus(directions[$0], directions[$1]))) }
      #expect(deviation(try measures.pairs(id).mean, expected.mean) < bound)
      #expect(deviation(try measures.pairs(id).std, expected.std) < bound)
    }
  }
}
