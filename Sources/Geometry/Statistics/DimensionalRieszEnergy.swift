/// Riesz energy of order s = d − 2 (GNC2), whose minimum spreads directions evenly over the sphere.
///
/// log of the mean over pairs of ‖û_c − û_c′‖^−s, as log-mean-exp: the mean itself overflows for hundreds of features. Its
/// deviation is not reported, as the closest pairs are all of it.
///
/// - Identical directions, within rounding, make it infinite: such pairs are left out. ``LogarithmicEnergy`` counts them.
/// - Undefined for d < 3, where the order is not positive.
/// - It is measured only on request.
/// - Complexity: O(K²·d).
/// - Source: Liu et al. 2023.
struct DimensionalRieszEnergy: Statistic {
  static let entry = StatisticEntry(
    id: "gnc2_log_riesz", title: "Riesz energy of order d − 2, logarithm", family: .gnc2, shape: .scalar,
    formula: "log of the mean over pairs of ‖û_c − û_c′‖^−(d−2)", underCollapse: "minimal", isOnRequest: true,
    source: "Liu et al. 2023")
  static let entries = [entry]

  func measure(_ geometry: ClassGeometry) -> [Measurement] {
    guard let energy = geometry.rieszEnergy else { return [] }
    guard geometry.means.dimension > 2 else {
      return [.scalar(Self.entry, nil, reason: "its order d − 2 must be positive")]
    }
    return [.scalar(Self.entry, energy.value)]
  }
}
