/// Distance of the class means from a simplex equiangular tight frame (NC2).
///
/// ‖ S/‖S‖_F − (I − 11ᵀ/K)/√(K−1) ‖_F with S = [⟨m_c, m_c′⟩], within 0 … 2. Under collapse the means form a simplex and
/// it tends to 0, which needs K ≤ d + 1. With more classes it is at least √(2 − 2√(d/(K−1))).
///
/// - Undefined if class means do not differ (K = 1, or all m_c zero within rounding).
/// - See ``SimplexDeviation`` for the computation and its accuracy.
/// - Source: Kothapalli 2023.
struct SimplexError: Statistic {
  static let entry = StatisticEntry(
    id: "nc2_etf_error", title: "Distance to the simplex frame", family: .nc2, shape: .scalar,
    formula: "‖ S/‖S‖_F − (I − 11ᵀ/K)/√(K−1) ‖_F, S = [⟨m_c, m_c′⟩]", underCollapse: "→ 0",
    floor: floor, source: "Kothapalli 2023", timeline: .drawn(.value))
  static let entries = [entry]

  /// That of any S of rank d: tr(P·S) ≤ √d·‖S‖_F.
  static let floor = StatisticEntry.Floor(part: .value) { k, d in (2 - 2 * (d / (k - 1)).squareRoot()).squareRoot() }

  func measure(_ geometry: ClassGeometry) throws -> [Measurement] {
    let (centred, gram) = (geometry.means.centred, geometry.betweenScatter)
    let deviation = SimplexDeviation(
      left: centred, right: centred, leftGram: gram, rightGram: gram, threads: geometry.threads)
    return [.scalar(Self.entry, geometry.means.differ ? try deviation.error : nil)]
  }
}
