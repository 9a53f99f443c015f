import CollapseKernels

/// Class-distance normalized variance (NC1): how wide two classes are relative to how far apart they are.
///
/// (σ²_c + σ²_c′) / (2‖μ_c − μ_c′‖²) over pairs of classes, ≥ 0. Under collapse it tends to 0.
///
/// - Identical means make it infinite. Means count as identical if they agree within rounding, even if both variances
///   are zero and the value would be 0/0.
/// - Two classes of one sample each, or of zero variance, give 0. If every class has one sample, it is undefined.
/// - Source: Galanti, György & Hutter 2021.
struct ClassDistanceNormalizedVariance: PairStatistic {
  static let entry = StatisticEntry(
    id: "nc1_cdnv", title: "Class-distance normalized variance", family: .nc1, shape: .pairs,
    formula: "(σ²_c + σ²_c′) / (2‖μ_c − μ_c′‖²)", underCollapse: "→ 0", source: "Galanti, György & Hutter 2021",
    headline: .init(part: .mean, words: "CDNV, mean", column: "CDNV"), overMinCount: true)
  static let needsVariances = true
  static let slot = collapse_pair_statistic.cdnv
  static let axis = PairAxis(
    title: "NC1: class-distance normalized variance", label: "CDNV", bins: .octaves(bits: 3, from: -32))

  func value(_ pair: Pair) -> Double {
    pair.squaredDistance > 0 ? pair.variances / (2 * pair.squaredDistance) : .infinity
  }
}
