import Testing

@testable import Geometry
@testable import Moments

@Suite("The registry of statistics")
struct StatisticsTests {
  @Test("Results list the ids of METRICS in their order")
  func order() throws {
    let table = MomentsTable.random(6, 3)
    let ids = try NeuralCollapse.measure(
      table, classifier: .random(6, 3, seed: 2), outOfDistribution: OutOfDistributionMean(table)
    ).measurements.map(\.id)
    #expect(
      ids == [
        "tokens", "classes", "dimension", "within_trace", "between_trace", "nc1_quotient", "nc1_pinv", "nc1_svd",
        "nc1_cdnv", "nc1_cdnv_squared", "nc2_norm", "nc2_log_norm", "nc2_interference", "nc2_interference_abs",
        "nc2_max_coherence", "nc2_nearest_coherence", "nc2_etf_error", "gnc2_log", "gnc2_distance", "gnc2_riesz1",
        "nc3_cosine", "nc3_dot", "nc3_distance", "nc3_dual_error", "nc5_ood_deviation",
      ])
  }

  @Test("Pair statistics have ids of their own")
  func unique() { #expect(Set(Statistics.overPairs.map(\.id)).count == Statistics.overPairs.count) }
}
