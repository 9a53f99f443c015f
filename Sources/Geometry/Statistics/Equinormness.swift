import Foundation

/// Equinormness (NC2): how far the centred class means are from one common length.
///
/// With m_c = μ_c − μ_G, reports ‖m_c‖ and log ‖m_c‖ over the K classes: mean, sample standard deviation, and their ratio.
/// Under collapse every ‖m_c‖ is equal, so the ratio tends to 0.
///
/// - A class mean equal to μ_G within rounding has no logarithm; it is left out of the log norms and counted.
/// - Complexity: O(K·d).
/// - Source: Papyan, Han & Donoho 2020; log norms: Wu & Papyan 2024.
struct Equinormness: Statistic {
  static let norm = StatisticEntry(
    id: "nc2_norm", title: "Norm of class means", family: .nc2, shape: .classes, formula: "‖m_c‖",
    underCollapse: "cv → 0", scaling: .power(1),
    source: "Papyan, Han & Donoho 2020", headline: .init(part: .cv, words: "norm, cv", column: "norm cv"),
    timeline: .drawn(.cv), overMinCount: true)
  static let logarithm = StatisticEntry(
    id: "nc2_log_norm", title: "Logarithm of the norm", family: .nc2, shape: .classes, formula: "log ‖m_c‖",
    underCollapse: "cv → 0", scaling: .logarithm, source: "Wu & Papyan 2024", timeline: .listed,
    properties: [
      .init(
        name: "NC2 equinormness", part: .cv, authors: "norms_log_std / norms_log_mean",
        later: "sqrt(norms_log_var) / norms_log_mean")
    ])
  static let entries = [norm, logarithm]

  func measure(_ geometry: ClassGeometry) -> [Measurement] {
    let means = geometry.means
    let logarithms = zip(means.norms, means.inverseNorms).map { $1.isNaN ? nil : log($0) }
    return [.overClasses(Self.norm, means.norms), .overClasses(Self.logarithm, logarithms)]
  }
}
