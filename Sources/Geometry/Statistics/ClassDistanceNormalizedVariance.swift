/// Class-distance normalized variance (NC1): how wide two classes are for how far apart they are.
///
/// (σ²_c + σ²_c′) / (2‖μ_c − μ_c′‖²) over pairs of classes, ≥ 0. Under collapse it tends to 0.
///
/// - Identical means make it infinite. Means count as identical where they agree within rounding; the pair counts as
///   infinite also where both variances are zero and it would be 0/0.
/// - Two classes of one sample each, or of zero variance, have 0.
/// - Source: Galanti, György & Hutter 2021.
struct ClassDistanceNormalizedVariance: PairStatistic {
  let id = "nc1_cdnv"
  let slot = PairSlot.classDistanceNormalizedVariance
  let collapse = "→ 0"

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
  let id = "nc1_cdnv_squared"
  let slot = PairSlot.squaredClassDistanceNormalizedVariance
  let collapse = "→ 0"

  func value(_ pair: Pair) -> Double {
    let fourth = pair.squaredDistance * pair.squaredDistance
    return fourth > 0 ? pair.variances / (2 * fourth) : .infinity
  }
}
