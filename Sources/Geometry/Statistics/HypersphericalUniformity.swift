import CollapseKernels
import Foundation

/// Logarithmic energy (GNC2): how uniformly the directions of class means are spread over the sphere.
///
/// log(1/‖û_c − û_c′‖) over pairs of classes, ≥ −log 2. Under generalized collapse the mean is as small as K directions
/// allow, and the deviation tends to 0.
///
/// - Identical directions make it infinite; directions count as identical where they agree within rounding.
/// - A class mean equal to μ_G has no direction; it is left out with all its pairs and counted.
/// - Source: Liu et al. 2023.
struct LogarithmicEnergy: PairStatistic {
  static let entry = StatisticEntry(
    "gnc2_log", "Logarithmic energy", .gnc2, .pairs, formula: "log(1/‖û_c − û_c′‖)",
    underCollapse: "minimal, std → 0", source: "Liu et al. 2023",
    headline: .init(.std, "log energy, std", column: "log energy std"),
    properties: [.init("GNC2 hyperspherical uniformity", .cv, authors: "log_dist")])
  static let slot = collapse_pair_statistic.logarithmic_energy
  static let axis = PairAxis("GNC2: logarithmic energy", "log 1/‖û_c − û_c′‖", .ofCosines)

  func value(_ pair: Pair) -> Double { -log(pair.chord) }
}

/// The distance ‖û_c − û_c′‖ itself (GNC2), within 0 … 2. Identical directions have 0.
struct AngularDistance: PairStatistic {
  static let entry = StatisticEntry(
    "gnc2_distance", "Distance on the sphere", .gnc2, .pairs, formula: "‖û_c − û_c′‖", underCollapse: "std → 0",
    source: "Liu et al. 2023")
  static let slot = collapse_pair_statistic.distance
  static let axis = PairAxis("GNC2: distance", "‖û_c − û_c′‖", .ofCosines)

  func value(_ pair: Pair) -> Double { pair.chord }
}

/// Riesz energy of order 1 (GNC2): 1/‖û_c − û_c′‖, ≥ 1/2, with the same edge cases as ``LogarithmicEnergy``.
struct RieszEnergy: PairStatistic {
  static let entry = StatisticEntry(
    "gnc2_riesz1", "Riesz energy", .gnc2, .pairs, formula: "1/‖û_c − û_c′‖", underCollapse: "minimal, std → 0",
    source: "Liu et al. 2023")
  static let slot = collapse_pair_statistic.riesz_energy
  static let axis = PairAxis("GNC2: Riesz energy", "1/‖û_c − û_c′‖", .ofCosines)

  func value(_ pair: Pair) -> Double { 1 / pair.chord }
}
