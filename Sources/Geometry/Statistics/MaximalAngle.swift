import CollapseKernels

/// Deviation from maximal angles (NC2): how far the cosines between class means are from those of a simplex.
///
/// The mean over pairs of |⟨û_c, û_c′⟩ + 1/(K − 1)|, within 0 … 2. Under collapse it tends to 0.
///
/// - A class mean equal to μ_G has no direction; it is left out with all its pairs.
/// - Source: Papyan, Han & Donoho 2020.
struct MaximalAngle: PairStatistic {
  static let entry = StatisticEntry(
    id: "nc2_maximal_angle", title: "Deviation from maximal angles", family: .nc2, shape: .scalar,
    formula: "mean over pairs of |⟨û_c, û_c′⟩ + 1/(K−1)|", underCollapse: "→ 0", source: "Papyan, Han & Donoho 2020")
  static let slot = collapse_pair_statistic.maximal_angle
  static let axis = PairAxis(title: entry.title, label: entry.formula, bins: .ofCosines)

  func value(_ pair: Pair) -> Double { (pair.cosine - pair.simplexCosine).magnitude }

  func measure(_ geometry: ClassGeometry) -> [Measurement] {
    geometry.pairs.map { [Self.measurement(Self.entry, $0)] } ?? []
  }

  /// The mean over the pairs of a sweep.
  static func measurement(_ entry: StatisticEntry, _ sweep: PairSweep) -> Measurement {
    let accumulator = sweep.tallies[Self.entry.id] ?? PairAccumulator()
    let mean = accumulator.spread.count > 0 ? accumulator.spread.mean : nil
    return .scalar(entry, mean)
  }
}
