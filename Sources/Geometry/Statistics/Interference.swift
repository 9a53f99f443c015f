import CollapseKernels

/// Interference (NC2): how far the directions of class means are from being equiangular.
///
/// ⟨û_c, û_c′⟩ over pairs of classes, within −1 … 1. Under collapse the directions form a simplex: every pair tends to
/// −1/(K − 1), and the deviation to 0.
///
/// - A class mean equal to μ_G has no direction; it is left out with all its pairs and counted.
/// - With K > d + 1 classes there is no simplex. If directions still add up to zero, as those of equal norms do, the mean
///   is −1/(K − 1), and the deviation at least √((K − d)/(d(K − 1)) − 1/(K − 1)²): that of a tight frame. (Welch 1974)
/// - Mean and deviation come from ``InterferenceMoments``, in closed form. Near a simplex that deviation is not
///   accurate, and the sweep over pairs provides it instead.
/// - Source: Papyan, Han & Donoho 2020.
struct Interference: PairStatistic {
  static let entry = StatisticEntry(
    id: "nc2_interference", title: "Cosine between class means", family: .nc2, shape: .pairs, formula: "⟨û_c, û_c′⟩",
    underCollapse: "→ −1/(K−1), std → 0",
    // The same bound, without the difference of the two terms.
    floor: .init(part: .std) { k, d in (k * (k - 1 - d) / d).squareRoot() / (k - 1) },
    source: "Papyan, Han & Donoho 2020",
    headline: .init(part: .std, words: "interference, std", column: "interference std"), timeline: .drawn(.std),
    overMinCount: true,
    properties: [
      .init(
        name: "NC2 equiangularity", part: .cv, authors: "interfere_std / interfere_mean",
        later: "sqrt(interfere_var) / interfere_mean",
        remark: "interfere_mean and interfere_var are of class means that are not normalized, unlike in the paper")
    ])
  static let slot = collapse_pair_statistic.interference
  static let axis = PairAxis(title: "NC2: interference", label: "cosine between class means", bins: .even(-1...1))

  func value(_ pair: Pair) -> Double { pair.cosine }

  func measure(_ geometry: ClassGeometry) throws -> [Measurement] {
    [
      Measurement(
        Self.entry, .overPairs(try Self.summary(of: geometry.means, geometry.pairs, threads: geometry.threads)))
    ]
  }

  /// Mean and deviation over the pairs of directions; `sweep` provides the deviation where the closed form is not
  /// accurate.
  static func summary(of means: CentredMeans, _ sweep: PairSweep?, threads: Int) throws -> PairSummary {
    let moments = try InterferenceMoments(means, threads: threads)
    if moments.isAccurate { return PairSummary(mean: moments.mean, std: moments.std, directionsOf: means) }
    let accumulator = sweep?.tallies[entry.id] ?? PairAccumulator()
    return PairSummary(
      mean: moments.mean, std: accumulator.spread.populationDeviation, deviationError: accumulator.errors.std,
      directionsOf: means)
  }
}
