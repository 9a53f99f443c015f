import Foundation
import Testing

@testable import Geometry
@testable import Moments
@testable import Samples

@Suite("Riesz energy of order d − 2, and GNC2 of uncentred means")
struct DimensionalRieszEnergyTests {
  private func options(_ means: UniformityMeans = .centred, sampling: PairSampling? = nil) -> GeometryOptions {
    var options = GeometryOptions(sampling: sampling, threads: 2)
    (options.gnc2Means, options.hasRieszEnergy) = (means, true)
    return options
  }

  @Test("Random means agree with the definitions over all pairs", arguments: UniformityMeans.allCases)
  func random(means: UniformityMeans) throws {
    let table = MomentsTable.random(220, 9, offset: 0.2)
    let measures = try table.measure(options: options(means))
    let force = BruteForce(means: table.means.vectors, variances: [])
    let directions = means == .centred ? force.directions : table.means.vectors.map(unit)
    func distance(_ a: Int, _ b: Int) -> Double { norm(minus(directions[a], directions[b])) }
    let energy = log(force.overPairs { pow(distance($0, $1), -7) }.mean)
    #expect(deviation(try measures.scalar("gnc2_log_riesz"), energy) < 1e-11)
    for (id, expected) in [
      ("gnc2_log", force.overPairs { -log(distance($0, $1)) }), ("gnc2_distance", force.overPairs(distance)),
      ("gnc2_riesz1", force.overPairs { 1 / distance($0, $1) }),
    ] {
      #expect(deviation(try measures.pairs(id).mean, expected.mean) < 1e-11, "\(id)")
      #expect(deviation(try measures.pairs(id).std, expected.std) < 1e-10, "\(id)")
    }
    // Other statistics, and the cosines' histogram, stay those of centred means.
    let plain = try table.measure()
    for measurement in plain.measurements where measurement.entry.family != .gnc2 {
      #expect(measures[measurement.id] == measurement)
    }
    func histogram(_ measures: Measures, _ id: String) -> PairHistogram? {
      measures.histograms.histograms.first { $0.id == id }?.histogram
    }
    #expect(histogram(measures, "nc2_interference") == histogram(plain, "nc2_interference"))
    #expect((histogram(measures, "gnc2_log") == histogram(plain, "gnc2_log")) == (means == .centred))
    #expect(plain["gnc2_log_riesz"] == nil)
  }

  @Test("It does not overflow with hundreds of features, where the mean itself would")
  func large() throws {
    let table = MomentsTable(means: [
      [1] + [Double](repeating: 0, count: 799), [-1] + [0.001] + [Double](repeating: 0, count: 798),
      [1, 0.001] + [Double](repeating: 0, count: 798),
    ])
    let value = try #require(try table.measure(options: options()).scalar("gnc2_log_riesz"))
    #expect(value > 709 && value.isFinite)
  }

  @Test("Identical directions are left out; without a positive order, or any pair, there is no value")
  func edges() throws {
    let repeated = MomentsTable(means: [[1, 0, 0], [2, 0, 0], [-1, 0, 0]])
    // Uncentred, one pair agrees and two are opposite: ‖·‖ = 2, order 1.
    #expect(deviation(try repeated.measure(options: options(.uncentred)).scalar("gnc2_log_riesz"), log(0.5)) < 1e-15)
    #expect(try MomentsTable(means: [[1, 0], [0, 1]]).measure(options: options()).scalar("gnc2_log_riesz") == nil)
    #expect(try MomentsTable(means: [[1], [0]]).measure(options: options()).scalar("gnc2_log_riesz") == nil)
    let one = try MomentsTable(means: [[1, 0, 0]]).measure(options: options(.uncentred))
    #expect(try one.scalar("gnc2_log_riesz") == nil && one.pairs("gnc2_log").mean == nil)
  }

  @Test("A sample of pairs estimates it; parts merge to the whole")
  func sampled() throws {
    let table = MomentsTable.random(60, 5)
    let whole = try #require(try table.measure(options: options()).scalar("gnc2_log_riesz"))
    let some = try table.measure(options: options(sampling: PairSampling(pairs: 100_000))).scalar("gnc2_log_riesz")
    #expect(abs(try #require(some) - whole) < 0.1)
    var merged = LogMeanExp([800, 799])
    merged.merge(LogMeanExp([]))
    merged.merge(LogMeanExp([801]))
    #expect(deviation(merged.value, 800 + log((1 + exp(-1) + exp(1)) / 3)) < 1e-15)
    #expect(LogMeanExp().value == nil)
  }
}
