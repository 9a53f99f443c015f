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
  let id = "gnc2_log"
  let slot = PairSlot.logarithmicEnergy
  let collapse = "minimal, std → 0"

  func value(_ pair: Pair) -> Double { -log(pair.chord) }
}

/// The distance ‖û_c − û_c′‖ itself (GNC2), within 0 … 2. Identical directions have 0.
struct AngularDistance: PairStatistic {
  let id = "gnc2_distance"
  let slot = PairSlot.angularDistance
  let collapse = "std → 0"

  func value(_ pair: Pair) -> Double { pair.chord }
}

/// Riesz energy of order 1 (GNC2): 1/‖û_c − û_c′‖, ≥ 1/2, with the same edge cases as ``LogarithmicEnergy``.
struct RieszEnergy: PairStatistic {
  let id = "gnc2_riesz1"
  let slot = PairSlot.rieszEnergy
  let collapse = "minimal, std → 0"

  func value(_ pair: Pair) -> Double { 1 / pair.chord }
}
