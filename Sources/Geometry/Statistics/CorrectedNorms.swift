/// Equinormness (NC2) of the true class means: their squared norms, without the sampling noise.
///
/// ‖m̂_c‖² − e_c(1 − 2/K) − Σe_j/K² over the K classes, whose expectation is ‖m_c‖²; see ``SamplingNoise``. Under collapse
/// its coefficient of variation tends to 0.
///
/// - The value of a class can be negative: its mean is then no further from μ_G than noise would put it. Such classes
///   stay in the mean, which would be biased without them, and are counted as `noise_only`.
/// - Its mean equals the corrected tr Σ_B, and has its standard error.
/// - Complexity: O(K).
/// - Source: Papyan, Han & Donoho 2020.
package struct CorrectedNorms: Statistic {
  package static let entry = StatisticEntry(
    id: "nc2_norm_squared_corrected", title: "Squared norm of class means, corrected for noise", family: .nc2,
    shape: .classes, formula: "‖m_c‖² − e_c(1 − 2/K) − Σe_j/K²", underCollapse: "cv → 0", scaling: .power(2),
    source: "Papyan, Han & Donoho 2020", timeline: .listed, overMinCount: true)
  static let entries = [entry]

  func measure(_ geometry: ClassGeometry) -> [Measurement] {
    let means = geometry.means
    switch geometry.noise {
    case .failure(let absence):
      return [Measurement(Self.entry, .overClasses(ClassSummary([])), reason: absence.rawValue)]
    case .success(let noise):
      let k = Double(means.classes)
      let common = RunningVariance(noise.meanErrors).mean / k
      let values = zip(means.norms, noise.meanErrors).map { $0 * $0 - $1 * (1 - 2 / k) - common }
      let summary = ClassSummary(values, noiseOnly: values.count { $0 <= 0 })
      let error = geometry.traceErrors.map(\.between).flatMap { $0.isFinite ? $0 : nil }
      return [Measurement(Self.entry, .overClasses(summary), errors: error.map { [.mean: $0] } ?? [:])]
    }
  }
}
