import CollapseKernels

/// The absolute value of ``Interference``: how far directions are from orthogonal, in either direction.
struct AbsoluteInterference: PairStatistic {
  static let entry = StatisticEntry(
    id: "nc2_interference_abs", title: "Its absolute value", family: .nc2, shape: .pairs, formula: "|⟨û_c, û_c′⟩|",
    underCollapse: "→ 1/(K−1), std → 0", source: "Papyan, Han & Donoho 2020")
  static let slot = collapse_pair_statistic.absolute_interference
  static let axis = PairAxis(
    title: "NC2: absolute interference", label: "|cosine| between class means", bins: .ofCosines)

  func value(_ pair: Pair) -> Double { pair.cosine.magnitude }
}
