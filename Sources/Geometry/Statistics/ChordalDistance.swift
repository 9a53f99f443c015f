import CollapseKernels

/// The distance ‖û_c − û_c′‖ itself (GNC2), within 0 … 2. Identical directions give 0.
struct ChordalDistance: PairStatistic {
  static let entry = StatisticEntry(
    id: "gnc2_distance", title: "Distance on the sphere", family: .gnc2, shape: .pairs, formula: "‖û_c − û_c′‖",
    underCollapse: "std → 0", source: "Liu et al. 2023")
  static let slot = collapse_pair_statistic.distance
  static let axis = PairAxis(title: "GNC2: distance", label: "‖û_c − û_c′‖", bins: .ofCosines)

  func value(_ pair: Pair) -> Double { pair.chord }
}
