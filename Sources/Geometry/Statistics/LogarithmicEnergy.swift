import CollapseKernels
import Foundation

/// Logarithmic energy (GNC2): how uniformly the directions of class means are spread over the sphere.
///
/// log(1/‖û_c − û_c′‖) over pairs of classes, ≥ −log 2. Under generalized collapse the mean is as small as K directions
/// allow, and the deviation tends to 0.
///
/// - Identical directions make it infinite. Directions count as identical if they agree within rounding.
/// - A class mean equal to μ_G has no direction; it is left out with all its pairs and counted.
/// - Source: Liu et al. 2023.
struct LogarithmicEnergy: PairStatistic {
  static let entry = StatisticEntry(
    id: "gnc2_log", title: "Logarithmic energy", family: .gnc2, shape: .pairs, formula: "log(1/‖û_c − û_c′‖)",
    underCollapse: "minimal, std → 0", source: "Liu et al. 2023",
    headline: .init(part: .std, words: "log energy, std", column: "log energy std"),
    overMinCount: true,
    properties: [
      .init(
        name: "GNC2 hyperspherical uniformity", part: .cv, authors: "log_dist_std / log_dist_mean",
        later: "sqrt(log_kern_var) / log_kern_mean")
    ])
  static let slot = collapse_pair_statistic.logarithmic_energy
  static let axis = PairAxis(title: "GNC2: logarithmic energy", label: "log 1/‖û_c − û_c′‖", bins: .ofCosines)

  func value(_ pair: Pair) -> Double { -log(pair.chord) }
}
