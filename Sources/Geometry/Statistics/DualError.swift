/// Distance of classifier and class means from a common simplex (NC3).
///
/// As ``SimplexError``, with S = [⟨w_c, m_c′⟩]: ‖ S/‖S‖_F − (I − 11ᵀ/K)/√(K−1) ‖_F, within 0 … 2. Under collapse it tends
/// to 0.
///
/// - Undefined where class means do not differ, and where S = 0. Without a classifier there is nothing to report.
/// - Source: Kothapalli 2023.
struct DualError: Statistic {
  let requirement: Remark.Requirement? = .init(.classifier, for: "nc3_dual_error")
  let underCollapse = ["nc3_dual_error": "→ 0"]

  func measure(_ geometry: ClassGeometry) -> [Measurement] {
    guard let classifier = geometry.classifier else { return [] }
    let deviation = SimplexDeviation(
      left: classifier, right: geometry.means.centred,
      leftGram: Products.gram(classifier, threads: geometry.threads), rightGram: geometry.betweenScatter,
      threads: geometry.threads)
    return [.scalar("nc3_dual_error", geometry.means.differ ? deviation.error : nil)]
  }
}
