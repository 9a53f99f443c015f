/// Orthogonality to out-of-distribution features (NC5): how far class means lean towards the mean of such features.
///
/// (1/K) Σ_c |cos(μ_c, μ_OOD)|, within 0 … 1, with uncentred means. Under collapse it tends to 0. Without an
/// out-of-distribution stream there is nothing to report.
///
/// - A class mean of length zero has no cosine. Such classes are left out, and counted if there are any.
/// - Undefined if no class is left, or if μ_OOD is zero.
/// - Complexity: O(K·d).
/// - Source: Ammar et al. 2024.
struct OutOfDistributionDeviation: Statistic {
  static let entry = StatisticEntry(
    id: "nc5_ood_deviation", title: "Cosine with the out-of-distribution mean", family: .nc5, shape: .scalar,
    formula: "(1/K) Σ_c |cos(μ_c, μ_OOD)|",
    underCollapse: "→ 0", needs: .outOfDistribution, source: "Ammar et al. 2024",
    headline: .init(part: .value, words: "deviation", column: "NC5"), overMinCount: true)
  static let zeroNorms = StatisticEntry(
    id: "nc5_zero_norms", title: "Class means of length zero, left out", family: .nc5, shape: .count,
    formula: "|{c : μ_c = 0}|", needs: .outOfDistribution)
  static let entries = [entry, zeroNorms]

  func measure(_ geometry: ClassGeometry) -> [Measurement] {
    guard let foreign = geometry.outOfDistribution?.mean else { return [] }
    let norm = dot(foreign, foreign, count: foreign.count).squareRoot()
    let means = geometry.means
    let lengths = means.means.rowNorms
    let deviations = lengths.indices.compactMap { c -> Double? in
      guard norm > 0, lengths[c] > 0 else { return nil }
      return min(1, (product(means, c, foreign) / (lengths[c] * norm)).magnitude)
    }
    let mean = deviations.isEmpty ? nil : RunningVariance(deviations).mean
    let zeroNorms = lengths.count { $0 == 0 }
    return [.scalar(Self.entry, mean)]
      + (zeroNorms > 0 ? [Measurement(Self.zeroNorms, .count(zeroNorms))] : [])
  }

  private func product(_ means: CentredMeans, _ row: Int, _ foreign: [Double]) -> Double {
    means.means.withUnsafeElements { elements in
      elements.baseAddress.map { dot($0 + row * means.dimension, foreign, count: means.dimension) } ?? 0
    }
  }
}
