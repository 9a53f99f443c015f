import CollapseKernels

/// ``ClassDistanceNormalizedVariance`` with ‖μ_c − μ_c′‖⁴ in the denominator (NC1): the variant that the paper plots.
///
/// - It depends on scale: doubling the features divides it by four.
/// - A distance whose fourth power underflows makes it infinite too.
/// - Source: Wu & Papyan 2024.
struct FourthPowerClassDistanceNormalizedVariance: PairStatistic {
  static let entry = StatisticEntry(
    id: "nc1_cdnv_squared", title: "The same, distance to the fourth", family: .nc1, shape: .pairs,
    formula: "(σ²_c + σ²_c′) / (2‖μ_c − μ_c′‖⁴)", underCollapse: "→ 0", scaling: .power(-2),
    source: "Wu & Papyan 2024",
    properties: [
      .init(name: "NC1 within-class variability", part: .mean, authors: "cdnv_mean", later: "cdnv")
    ])
  static let needsVariances = true
  static let slot = collapse_pair_statistic.cdnv_squared
  static let axis = PairAxis(
    title: "NC1: CDNV with the fourth power", label: "CDNV with ‖·‖⁴", bins: .octaves(bits: 2, from: -64))

  func value(_ pair: Pair) -> Double {
    let fourth = pair.squaredDistance * pair.squaredDistance
    return fourth > 0 ? pair.variances / (2 * fourth) : .infinity
  }
}
