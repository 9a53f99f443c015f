import Testing

@testable import Geometry
@testable import Moments

@Suite("A sample of the pairs")
struct PairSamplingTests {
  private func measure(_ table: MomentsTable, pairs: Int, seed: Int = 0, threads: Int = 1) throws -> Measures {
    try Measures(
      of: ClassSelection(table),
      options: GeometryOptions(sampling: PairSampling(pairs: pairs, seed: seed), threads: threads))
  }

  @Test("The requested number of pairs is drawn, in any number of batches", arguments: [1, 100, 4096, 4097, 10_000])
  func count(pairs: Int) throws {
    let sweep = try PairSweep(
      try MomentsTable.random(20, 3).centred(), sampling: PairSampling(pairs: pairs),
      checkCancellation: {})
    #expect(sweep.neighbourhoods == nil)
    #expect(sweep.tallies.values.allSatisfy { $0.spread.count == pairs })
    #expect(sweep.tallies["nc2_interference"]?.counts.reduce(0, +) == pairs)
  }

  @Test("Every pair is equally likely")
  func uniform() throws {
    // Distances 1, 2, 3 distinguish the three pairs.
    let sampling = PairSampling(pairs: 30_000, seed: 4)
    let means = try MomentsTable(means: [[0], [1], [3]]).centred()
    let pairs = (0..<sampling.batches).flatMap { sampling.pairs(ofBatch: $0, of: means) }
    for distance in [1.0, 4, 9] {
      let share = Double(pairs.count { abs($0.squaredDistance - distance) < 1e-9 }) / 30_000
      // Five standard deviations of a share of a third.
      #expect(abs(share - 1.0 / 3) < 5 * (2.0 / 9 / 30_000).squareRoot())
    }
  }

  @Test("Estimates are within their standard errors of the whole, as often as they should be")
  func coverage() throws {
    let table = MomentsTable.random(300, 6)
    let whole = try table.measure()
    let samples = try (0..<20).map { try measure(table, pairs: 1 << 15, seed: $0, threads: 2) }
    for id in ["nc1_cdnv", "nc2_interference_abs", "gnc2_log", "gnc2_distance", "gnc2_riesz1"] {
      let exact = try whole.pairs(id)
      var (means, deviations) = (0, 0)
      for sample in samples {
        let estimate = try sample.pairs(id)
        let (mean, error) = (try #require(estimate.mean), try #require(estimate.standardError))
        let (std, stdError) = (try #require(estimate.std), try #require(estimate.deviationError))
        if abs(mean - (try #require(exact.mean))) < 2 * error { means += 1 }
        // From eight batches the error is known to within a quarter.
        if abs(std - (try #require(exact.std))) < 3 * stdError { deviations += 1 }
      }
      // 95 % of 20, minus three standard deviations.
      #expect(means >= 16, "\(id)")
      // A few pairs make up most of the deviation of CDNV.
      #expect(deviations >= (id == "nc1_cdnv" ? 10 : 16), "\(id)")
    }
  }

  @Test("The same seed gives the same bits with any number of threads; another seed gives others")
  func seeds() throws {
    let table = MomentsTable.random(50, 4)
    let one = try measure(table, pairs: 100_000, seed: 1)
    #expect(try measure(table, pairs: 100_000, seed: 1, threads: 7) == one)
    #expect(try measure(table, pairs: 100_000, seed: 2) != one)
  }

  @Test("Statistics that need every pair are not reported for a sample")
  func coherence() throws {
    let measures = try measure(MomentsTable.random(20, 3), pairs: 1000)
    #expect(measures["nc2_max_coherence"] == nil)
    #expect(measures["nc2_nearest_coherence"] == nil)
    #expect(
      measures.remarks.contains(.absent(ids: ["nc2_max_coherence", "nc2_nearest_coherence"], need: .everyPair)))
    #expect(measures.classes["mean_cdnv"]?.numbers.map { $0 == nil } == Array(repeating: true, count: 20))
    #expect(measures.classes["nearest_token"]?.integers == Array(repeating: nil, count: 20))
    #expect(measures["nc1_cdnv"]?.json.text.contains("standard_error") == true)
  }
}
