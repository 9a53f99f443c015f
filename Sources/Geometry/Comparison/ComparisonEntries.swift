/// What is measured of two states, in the order of results.
enum ComparisonEntries {
  static let classes = StatisticEntry(
    id: "common_classes", title: "Token classes K that both states have", family: .comparison, shape: .count,
    formula: "K")
  static let cka = StatisticEntry(
    id: "cka", title: "Linear CKA of class means", family: .comparison, shape: .scalar,
    formula: "‖M_AᵀM_B‖_F² / (‖M_AᵀM_A‖_F ‖M_BᵀM_B‖_F)", source: "Kornblith et al. 2019")
  static let floor = StatisticEntry(
    id: "cka_noise_floor", title: "CKA of independent isotropic noise", family: .comparison, shape: .scalar,
    formula: "√(d_A d_B / ((K + d_A)(K + d_B))): d/(K + d) for equal dimensions")
  static let shuffled = StatisticEntry(
    id: "cka_shuffled", title: "Mean CKA over shuffled classes", family: .comparison, shape: .scalar,
    formula: "‖M_A‖_F² ‖M_B‖_F² / ((K − 1) ‖M_AᵀM_A‖_F ‖M_BᵀM_B‖_F)")
  static let procrustes = StatisticEntry(
    id: "procrustes_distance", title: "Procrustes distance of class means", family: .comparison, shape: .scalar,
    formula: "1 − ‖M_AᵀM_B‖_* / (‖M_A‖_F ‖M_B‖_F)", source: "Schönemann 1966")
  static let cosine = StatisticEntry(
    id: "mean_cosine", title: "Cosine of a class's two means", family: .comparison, shape: .classes,
    formula: "cos(m_A, m_B)")
  static let distance = StatisticEntry(
    id: "squared_distance", title: "Squared distance of a class's two means", family: .comparison, shape: .classes,
    formula: "‖μ_A − μ_B‖²", scaling: .power(2))
  static let corrected = StatisticEntry(
    id: "squared_distance_corrected", title: "The same, corrected for noise", family: .comparison, shape: .classes,
    formula: "‖μ_A − μ_B‖² − e_A − e_B", scaling: .power(2), corrects: "squared_distance")
  static let shift = StatisticEntry(
    id: "squared_shift", title: "Squared distance of the global means", family: .comparison, shape: .scalar,
    formula: "‖μ_G,A − μ_G,B‖²", scaling: .power(2))

  static let all = [classes, cka, floor, shuffled, procrustes, cosine, distance, corrected, shift]
}

extension StatisticEntry {
  /// The metadata of a number of a comparison of two states: of both, or of one of them.
  package static func ofComparison(_ id: String) -> StatisticEntry {
    (ComparisonEntries.all
      + [ComparedState.selectedSamples, ComparedState.selectedWithin, ComparedState.selectedQuotient])
      .first { $0.id == id } ?? Statistics.entry(id)
  }
}
