import Testing

@testable import Geometry
@testable import Moments
@testable import Samples

@Suite("Class-distance normalized variance")
struct ClassDistanceNormalizedVarianceTests {
  @Test("Two classes with variances 1 and 3 at distance 2 have 4/8, or 4/32 with the fourth power")
  func small() throws {
    let measures = try MomentsTable(means: [[0, 0], [0, 2]], m2: [2, 6]).measure()
    #expect(try measures.pairs("nc1_cdnv").mean == 0.5)
    #expect(try measures.pairs("nc1_cdnv").std == 0)
    #expect(try measures.pairs("nc1_cdnv_squared").mean == 0.125)
  }

  @Test("Classes without variance have 0")
  func collapsed() throws {
    let measures = try MomentsTable(means: [[0, 0], [0, 2], [1, 1]], m2: [0, 0, 0]).measure()
    #expect(try measures.pairs("nc1_cdnv").mean == 0)
    #expect(try measures.pairs("nc1_cdnv").infinitePairs == 0)
  }

  @Test("Identical means are left out and counted, whether their classes vary or not", arguments: [0.0, 2])
  func identical(m2: Double) throws {
    let measures = try MomentsTable(means: [[1, 0], [1, 0], [3, 0]], m2: [m2, m2, 4]).measure()
    for id in ["nc1_cdnv", "nc1_cdnv_squared"] {
      let pairs = try measures.pairs(id)
      #expect(pairs.infinitePairs == 1)
      #expect(pairs.pairs == 2)
      #expect(measures[id]?.json["infinite_pairs"] == .integer(1))
    }
    #expect(try measures.pairs("nc1_cdnv").mean == (m2 / 2 + 2) / 8)
  }

  @Test("If all means are identical there is no mean and no deviation")
  func allIdentical() throws {
    let pairs = try MomentsTable(means: [[1, 0], [1, 0]]).measure().pairs("nc1_cdnv")
    #expect(pairs.mean == nil)
    #expect(pairs.std == nil)
    #expect(pairs.infinitePairs == 1)
  }

  @Test("Random classes agree with all pairs one by one, with and without an offset", arguments: [0.0, 1e6])
  func random(offset: Double) throws {
    let table = MomentsTable.random(150, 11, offset: offset)
    let force = BruteForce(means: table.means.vectors, variances: zip(table.m2, table.counts).map { $0 / Double($1) })
    let measures = try table.measure()
    for (id, power) in [("nc1_cdnv", 2.0), ("nc1_cdnv_squared", 4)] {
      let expected = force.overPairs { force.cdnv($0, $1, power: power) }
      #expect(deviation(try measures.pairs(id).mean, expected.mean) < 1e-11)
      #expect(deviation(try measures.pairs(id).std, expected.std) < 1e-11)
    }
  }

  @Test("Near-duplicate means, which dominate everything, keep their digits", arguments: [1e-4, 1e-8])
  func nearDuplicates(gap: Double) throws {
    var means = Matrix.random(40, 5, seed: 8).vectors
    for row in 0..<20 { means[20 + row] = means[row].map { $0 * (1 + gap) } }
    let force = BruteForce(means: means, variances: means.map { _ in 1 })
    let measures = try MomentsTable(means: means).measure()
    for (id, power) in [("nc1_cdnv", 2.0), ("nc1_cdnv_squared", 4)] {
      let expected = force.overPairs { force.cdnv($0, $1, power: power) }
      #expect(deviation(try measures.pairs(id).mean, expected.mean) < 1e-11)
      #expect(deviation(try measures.pairs(id).std, expected.std) < 1e-11)
    }
  }
}
