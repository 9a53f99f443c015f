import Testing

@testable import Geometry
@testable import Moments
@testable import Samples

@Suite("Interference")
struct InterferenceTests {
  @Test("A simplex has −1/(K − 1) in every pair", arguments: [2, 3, 4, 10, 200])
  func simplex(k: Int) throws {
    let measures = try MomentsTable(means: unitVectors(k)).measure()
    let pairs = try measures.pairs("nc2_interference")
    #expect(deviation(pairs.mean, -1 / Double(k - 1)) < 1e-12)
    #expect(try #require(pairs.std) < 1e-15)
    #expect(deviation(try measures.pairs("nc2_interference_abs").mean, 1 / Double(k - 1)) < 1e-12)
  }

  @Test("Three orthogonal pairs of opposites: 12 pairs at 0 and 3 at −1")
  func crossPolytope() throws {
    let axes = unitVectors(3)
    let measures = try MomentsTable(means: axes + axes.map { $0.map { -$0 } }).measure()
    #expect(deviation(try measures.pairs("nc2_interference").mean, -0.2) < 1e-15)
    #expect(deviation(try measures.pairs("nc2_interference").std, 0.4) < 1e-15)
    #expect(deviation(try measures.pairs("nc2_interference_abs").mean, 0.2) < 1e-15)
  }

  @Test("A class at the global mean is left out and counted")
  func zero() throws {
    let measures = try MomentsTable(means: [[1, 0], [-1, 0], [0, 0]]).measure()
    for id in ["nc2_interference", "nc2_interference_abs", "gnc2_log", "gnc2_distance", "gnc2_riesz1"] {
      #expect(try measures.pairs(id).pairs == 1)
      #expect(measures[id]?.json["zero_norms"] == .integer(1))
    }
    #expect(try measures.pairs("nc2_interference").mean == -1)
    #expect(measures["nc1_cdnv"]?.json["zero_norms"] == nil)
  }

  @Test("Random classes agree with all pairs one by one, with and without an offset", arguments: [0.0, 1e6])
  func random(offset: Double) throws {
    let table = MomentsTable.random(150, 11, offset: offset)
    let force = BruteForce(means: table.means.vectors, variances: [])
    let directions = force.directions
    let measures = try table.measure()
    let plain = force.overPairs { inner(directions[$0], directions[$1]) }
    #expect(deviation(try measures.pairs("nc2_interference").mean, plain.mean) < 1e-10)
    #expect(deviation(try measures.pairs("nc2_interference").std, plain.std) < 1e-11)
    let absolute = force.overPairs { inner(directions[$0], directions[$1]).magnitude }
    #expect(deviation(try measures.pairs("nc2_interference_abs").mean, absolute.mean) < 1e-11)
    #expect(deviation(try measures.pairs("nc2_interference_abs").std, absolute.std) < 1e-11)
  }

  @Test("Mean and deviation also follow from d × d products")
  func closedForm() throws {
    let table = MomentsTable.random(60, 7)
    let units = Matrix(BruteForce(means: table.means.vectors, variances: []).directions)
    let k = 60.0
    let squares = try MatrixProducts.gram(units, threads: 1).elements.reduce(0) { $0 + $1 * $1 }
    let sum = (0..<7).map { j in (0..<60).reduce(0) { $0 + units[$1, j] } }.reduce(0) { $0 + $1 * $1 }
    let mean = (sum - k) / (k * (k - 1))
    let pairs = try table.measure().pairs("nc2_interference")
    #expect(deviation(pairs.mean, mean) < 1e-11)
    #expect(deviation(pairs.std, ((squares - k) / (k * (k - 1)) - mean * mean).squareRoot()) < 1e-11)
  }
}
