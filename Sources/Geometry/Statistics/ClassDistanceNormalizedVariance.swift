import CollapseKernels

/// Class-distance normalized variance (NC1): how wide two classes are for how far apart they are.
///
/// (σ²_c + σ²_c′) / (2‖μ_c − μ_c′‖²) over pairs of classes, ≥ 0. Under collapse it tends to 0.
///
/// - Identical means make it infinite. Means count as identical where they agree within rounding; the pair counts as
///   infinite also where both variances are zero and it would be 0/0.
/// - Two classes of one sample each, or of zero variance, have 0.
/// - Source: Galanti, György & Hutter 2021.
struct ClassDistanceNormalizedVariance: PairStatistic {
  static let entry = StatisticEntry(
    "nc1_cdnv", "Class-distance normalized variance", .nc1, .pairs, formula: "(σ²_c + σ²_c′) / (2‖μ_c − μ_c′‖²)",
    underCollapse: "→ 0", source: "Galanti, György & Hutter 2021",
    headline: .init(.mean, "CDNV, mean", column: "CDNV"),
    properties: [.init("NC1 within-class variability", .mean, authors: "cdnv")])
  static let slot = collapse_pair_statistic.cdnv
  static let axis = PairAxis("NC1: class-distance normalized variance", "CDNV", .octaves(bits: 3, from: -32))

  func value(_ pair: Pair) -> Double {
    pair.squaredDistance > 0 ? pair.variances / (2 * pair.squaredDistance) : .infinity
  }
}

/// The same with ‖μ_c − μ_c′‖⁴ below: the variant that the paper plots.
///
/// - It is not free of scale: features twice as large have a quarter of it.
/// - A distance whose fourth power is below the smallest double makes it infinite too.
/// - Source: Wu & Papyan 2024.
struct SquaredClassDistanceNormalizedVariance: PairStatistic {
  static let entry = StatisticEntry(
    "nc1_cdnv_squared", "The same, distance to the fourth", .nc1, .pairs,
    formula: "(σ²_c + σ²_c′) / (2‖μ_c − μ_c′‖⁴)", underCollapse: "→ 0", scaling: .power(-2),
    source: "Wu & Papyan 2024")
  static let slot = collapse_pair_statistic.cdnv_squared
  static let axis = PairAxis("NC1: CDNV with the fourth power", "CDNV, ‖·‖⁴ below", .octaves(bits: 2, from: -64))

  func value(_ pair: Pair) -> Double {
    let fourth = pair.squaredDistance * pair.squaredDistance
    return fourth > 0 ? pair.variances / (2 * fourth) : .infinity
  }
}
