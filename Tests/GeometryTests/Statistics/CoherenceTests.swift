import Testing

@testable import Moments

@Suite("Coherence")
struct CoherenceTests {
  @Test("Three pairs of opposite axes have 0 throughout")
  func crossPolytope() throws {
    let axes = unitVectors(3)
    let measures = try MomentsTable(means: axes + axes.map { $0.map { -$0 } }).measure()
    #expect(try measures.scalar("nc2_max_coherence") == 0)
    #expect(try measures.scalar("nc2_nearest_coherence") == 0)
  }

  @Test("Identical directions have 1, exactly")
  func identical() throws {
    let measures = try MomentsTable(means: [[0.1, 0.3], [0.3, 0.9], [-0.4, -1.2]]).measure()
    #expect(try measures.scalar("nc2_max_coherence") == 1)
    #expect(deviation(try measures.scalar("nc2_nearest_coherence"), 1.0 / 3) < 1e-15)
  }

  @Test("With fewer than two directions it is undefined")
  func undefined() throws {
    let measures = try MomentsTable(means: [[1, 2]]).measure()
    #expect(try measures.scalar("nc2_max_coherence") == nil)
    #expect(measures["nc2_nearest_coherence"]?.json == .null)
  }

  @Test("Random classes agree with all pairs one by one")
  func random() throws {
    let table = MomentsTable.random(140, 5)
    let directions = BruteForce(means: table.means.vectors, variances: []).directions
    let largest = directions.indices.map { a in
      directions.indices.filter { $0 != a }.map { inner(directions[a], directions[$0]) }.max() ?? 0
    }
    let measures = try table.measure()
    #expect(deviation(try measures.scalar("nc2_max_coherence"), largest.max() ?? 0) < 1e-13)
    #expect(deviation(try measures.scalar("nc2_nearest_coherence"), largest.reduce(0, +) / 140) < 1e-13)
  }
}
