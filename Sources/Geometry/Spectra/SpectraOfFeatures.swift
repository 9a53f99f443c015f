/// How many directions the features use: three numbers that need more than one spectrum.
///
/// - RankMe, the perplexity of the singular values σ = √(N·eig(Σ_T + μμᵀ)) of all features, uncentred, with 1e-7 added to
///   each share as published;
/// - LiDAR, the same of the eigenvalues of (Σ_W + δI)^−½ Σ_B (Σ_W + δI)^−½, δ = 1e-4, with token classes as its classes. It
///   depends on the scale of the features;
/// - the share of the mean: ‖μ‖²/(‖μ‖² + tr Σ_T), how much of a feature's square is the common offset.
///
/// - They are measured only on request. Without Σ_W only the share of the mean is.
/// - Source: RankMe: Garrido et al. 2023; LiDAR: Thilak et al. 2024.
struct SpectraOfFeatures: Statistic {
  static let rankMe = StatisticEntry(
    id: "rankme", title: "RankMe of the features", family: .spectra, shape: .scalar,
    formula: "exp(−Σ p ln p), p = σ/Σσ + 1e-7, σ = √(N·eig(Σ_T + μμᵀ))", needs: .withinScatter, isOnRequest: true,
    source: "Garrido et al. 2023", usesAllSamples: true)
  static let lidar = StatisticEntry(
    id: "lidar", title: "LiDAR of the token classes", family: .spectra, shape: .scalar,
    formula: "exp(−Σ p ln p), p = λ/Σλ + 1e-7, λ of (Σ_W + δI)^−½ Σ_B (Σ_W + δI)^−½, δ = 1e-4", needs: .withinScatter,
    isOnRequest: true, scaling: .irregular, source: "Thilak et al. 2024", usesAllSamples: true)
  static let meanShare = StatisticEntry(
    id: "mean_share", title: "Share of the common mean", family: .spectra, shape: .scalar,
    formula: "‖μ‖²/(‖μ‖² + tr Σ_T)", isOnRequest: true, usesAllSamples: true)
  static let entries = [rankMe, lidar, meanShare]

  func measure(_ geometry: ClassGeometry) -> [Measurement] {
    guard let spectra = geometry.spectra else { return [] }
    let reason = "all features are zero, or Σ_B is"
    let lidarReason = geometry.means.differ ? geometry.withinAbsence?.rawValue : nil
    let ofScatter: [Measurement] =
      geometry.withinScatter == nil
      ? []
      : [
        .scalar(Self.rankMe, spectra.rankMe, reason: reason),
        .scalar(Self.lidar, spectra.lidar, reason: lidarReason ?? reason),
      ]
    return ofScatter + [.scalar(Self.meanShare, spectra.meanShare, reason: reason)]
  }
}
