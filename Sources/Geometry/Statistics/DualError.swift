/// Distance of classifier and class means from a common simplex (NC3).
///
/// As ``SimplexError``, with S = [⟨w_c, m_c′⟩]: ‖ S/‖S‖_F − (I − 11ᵀ/K)/√(K−1) ‖_F, within 0 … 2. Under collapse it tends
/// to 0, which needs K ≤ d + 1. With more classes it is at least √(2 − 2√(d/(K−1))).
///
/// - Undefined if class means do not differ, or if S = 0. Without a classifier there is nothing to report.
/// - Source: Kothapalli 2023.
struct DualError: Statistic {
  static let entry = StatisticEntry(
    id: "nc3_dual_error", title: "Distance to dual frames", family: .nc3, shape: .scalar,
    formula: "‖ S/‖S‖_F − (I − 11ᵀ/K)/√(K−1) ‖_F, S = [⟨w_c, m_c′⟩]", underCollapse: "→ 0",
    floor: SimplexError.floor, needs: .classifier,
    source: "Kothapalli 2023")
  static let entries = [entry]

  func measure(_ geometry: ClassGeometry) throws -> [Measurement] {
    guard let classifier = geometry.classifier, let gram = geometry.classifierGram else { return [] }
    let deviation = SimplexDeviation(
      left: classifier, right: geometry.means.centred,
      leftGram: gram, rightGram: geometry.betweenScatter, threads: geometry.threads)
    return [.scalar(Self.entry, geometry.means.differ ? try deviation.error : nil)]
  }
}
