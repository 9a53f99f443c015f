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
  let underCollapse = ["nc2_norm": "cv → 0", "nc2_log_norm": "cv → 0"]

  func measure(_ geometry: ClassGeometry) -> [Measurement] {
    let means = geometry.means
    let logarithms = zip(means.norms, means.inverseNorms).map { $1.isNaN ? nil : log($0) }
    return [
      .overClasses("nc2_norm", means.norms),
      .overClasses("nc2_log_norm", logarithms),
    ]
  }
}
