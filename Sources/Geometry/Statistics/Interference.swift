import CollapseKernels

/// Interference (NC2): how far the directions of class means are from being equiangular.
///
/// ⟨û_c, û_c′⟩ over pairs of classes, within −1 … 1. Under collapse the directions form a simplex: every pair tends to
/// −1/(K − 1), and the deviation to 0.
///
/// - A class mean equal to μ_G has no direction; it is left out with all its pairs and counted.
/// - Mean and deviation come from ``InterferenceMoments``, in closed form. Near a simplex that deviation is not
///   accurate, and the sweep over pairs provides it instead.
/// - Source: Papyan, Han & Donoho 2020.
struct Interference: PairStatistic {
  static let entry = StatisticEntry(
    id: "nc2_interference", title: "Cosine between class means", family: .nc2, shape: .pairs, formula: "⟨û_c, û_c′⟩",
    underCollapse: "→ −1/(K−1), std → 0", source: "Papyan, Han & Donoho 2020",
    headline: .init(part: .std, words: "interference, std", column: "interference std"), timeline: .drawn(.std),
    properties: [
      .init(
        name: "NC2 equiangularity", part: .cv, authors: "interfere_std / interfere_mean",
        later: "sqrt(interfere_var) / interfere_mean",
        remark: "interfere_mean and interfere_var are of class means that are not normalized, unlike in the paper")
    ])
  static let slot = collapse_pair_statistic.interference
  static let axis = PairAxis(title: "NC2: interference", label: "cosine between class means", bins: .even(-1...1))

  func value(_ pair: Pair) -> Double { pair.cosine }

  func measure(_ geometry: ClassGeometry) -> [Measurement] {
    let moments = InterferenceMoments(geometry.means, threads: geometry.threads)
    return [Measurement(Self.entry, .overPairs(summary(moments, geometry)))]
  }

  private func summary(_ moments: InterferenceMoments, _ geometry: ClassGeometry) -> PairSummary {
    if moments.isAccurate { return PairSummary(mean: moments.mean, std: moments.std, directionsOf: geometry.means) }
    let accumulator = geometry.pairs?.tallies[id] ?? PairAccumulator()
    return PairSummary(
      mean: moments.mean, std: accumulator.spread.populationDeviation, deviationError: accumulator.errors.std,
      directionsOf: geometry.means)
  }
}
