/// Within-class variability (NC1) as one ratio: the mean variance of classes to the mean squared distance of their means.
///
/// (1/K)Σσ²_c / mean over pairs of ‖μ_a − μ_b‖². It asks what the class-distance normalized variance asks, but a few
/// pairs of close means cannot decide it, and its sampling noise has a closed form. Corrected, it is (1/K)Σs²_c / mean of
/// (‖μ_a − μ_b‖² − e_a − e_b), which does not depend on how many samples the classes have; see ``SamplingNoise``. Under
/// collapse both tend to 0.
///
/// - The mean over pairs of ‖μ_a − μ_b‖² is 2K/(K − 1)·tr Σ_B, so no pair is visited.
/// - Undefined if class means do not differ, or no measured class has two samples; corrected, if tr Σ_B less its noise is not positive.
/// - Complexity: O(K).
/// - Source: the definition of CDNV by Galanti, György & Hutter 2021, as a quotient of means.
package struct VarianceDistanceRatio: Statistic {
  package static let measured = StatisticEntry(
    id: "nc1_cdnv_ratio", title: "Mean variance to mean squared distance", family: .nc1, shape: .scalar,
    formula: "(1/K) Σσ²_c / mean over pairs of ‖μ_c − μ_c′‖²", underCollapse: "→ 0",
    source: "Galanti, György & Hutter 2021",
    headline: .init(part: .value, words: "CDNV ratio", column: "CDNV ratio"), timeline: .listed,
    hasErrorInClosedForm: true, overMinCount: true)
  package static let corrected = StatisticEntry(
    id: "nc1_cdnv_ratio_corrected", title: "The same, corrected for noise", family: .nc1, shape: .scalar,
    formula: "(1/K) Σs²_c / mean over pairs of (‖μ_c − μ_c′‖² − e_c − e_c′)", underCollapse: "→ 0",
    source: "Galanti, György & Hutter 2021", corrects: measured.id, timeline: .listed, hasErrorInClosedForm: true,
    overMinCount: true)
  static let entries = [measured, corrected]

  func measure(_ geometry: ClassGeometry) -> [Measurement] {
    let (means, absence) = (geometry.means, geometry.varianceAbsence)
    let ratio =
      RunningVariance(means.variances).mean / geometry.meanSquaredDistance(between: Self.unweightedBetween(geometry))
    return [
      .scalar(
        Self.measured, means.differ && absence == nil ? ratio : nil, error: geometry.traceErrors?.measuredRatio,
        reason: means.differ ? absence?.rawValue : nil),
      .scalar(Self.corrected, of: geometry.noise, error: geometry.traceErrors?.ratio) {
        noise throws(SamplingNoise.Absence) in
        means.differ
          ? RunningVariance(noise.spreads).mean / geometry.meanSquaredDistance(between: try noise.positiveBetween) : nil
      },
    ]
  }

  /// tr Σ_B about the unweighted mean of the class means, whatever the global mean is: tr Σ_B − ‖(1/K)Σ m_c‖².
  private static func unweightedBetween(_ geometry: ClassGeometry) -> Double {
    let means = geometry.means
    guard case .failure(.weighted) = geometry.noise else { return means.betweenTrace }
    var sums = [Double](repeating: 0, count: means.dimension)
    for row in 0..<means.classes {
      for (column, value) in means.centred[row: row].enumerated() { sums[column] += value }
    }
    let k = Double(means.classes)
    return max(means.betweenTrace - sums.reduce(0) { $0 + $1 * $1 } / (k * k), 0)
  }
}
