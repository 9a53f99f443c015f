import CollapseKernels

/// Riesz energy of order 1 (GNC2): 1/‖û_c − û_c′‖, ≥ 1/2, with the same edge cases as ``LogarithmicEnergy``.
struct RieszEnergy: PairStatistic {
  static let entry = StatisticEntry(
    id: "gnc2_riesz1", title: "Riesz energy", family: .gnc2, shape: .pairs, formula: "1/‖û_c − û_c′‖",
    underCollapse: "minimal, std → 0", source: "Liu et al. 2023")
  static let slot = collapse_pair_statistic.riesz_energy
  static let axis = PairAxis(title: "GNC2: Riesz energy", label: "1/‖û_c − û_c′‖", bins: .ofCosines)

  func value(_ pair: Pair) -> Double { 1 / pair.chord }
}
