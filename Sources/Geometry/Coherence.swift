/// Coherence (NC2): how near the directions of class means come to one another.
///
/// With ⟨û_c, û_c′⟩ over pairs of classes, reports the largest of all, and the mean over classes of each one's largest; both
/// within −1 … 1. Under generalized collapse, directions keep apart and both are small; for K ≤ d + 1 they tend to
/// −1/(K − 1).
///
/// - A class mean equal to μ_G has no direction and is left out. Where fewer than two classes have one, both are undefined.
/// - Source: Jiang et al. 2024.
struct Coherence: Statistic {
  func measure(_ geometry: ClassGeometry) -> [Measurement] {
    guard let pairs = geometry.pairs else { return [] }
    let largest = pairs.neighbourhoods.compactMap(\.coherence)
    let mean = largest.isEmpty ? nil : Spread(largest).mean
    return [
      .scalar("nc2_max_coherence", largest.max(), collapse: "small"),
      .scalar("nc2_nearest_coherence", mean, collapse: "small"),
    ]
  }
}
