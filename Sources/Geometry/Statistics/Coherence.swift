/// Coherence (NC2): how close the directions of class means come to one another.
///
/// From ⟨û_c, û_c′⟩ over pairs of classes, reports the largest of all, and the mean over classes of each class's
/// largest. Both are within −1 … 1. Under generalized collapse, directions keep apart and both are small; for K ≤ d + 1
/// they tend to −1/(K − 1).
///
/// - A class mean equal to μ_G has no direction and is left out. If fewer than two classes have one, both are
///   undefined.
/// - The largest of a sample of pairs says nothing about the largest of all, so a sample reports neither.
/// - Source: Jiang et al. 2024.
struct Coherence: Statistic {
  static let largest = StatisticEntry(
    id: "nc2_max_coherence", title: "Largest cosine", family: .nc2, shape: .scalar,
    formula: "max ⟨û_c, û_c′⟩ over the pairs", underCollapse: "small", needs: .everyPair, isExtreme: true,
    source: "Jiang et al. 2024")
  static let nearest = StatisticEntry(
    id: "nc2_nearest_coherence", title: "Cosine to the nearest class, mean", family: .nc2, shape: .scalar,
    formula: "(1/K) Σ_c max_c′ ⟨û_c, û_c′⟩", underCollapse: "small", needs: .everyPair, source: "Jiang et al. 2024")
  static let entries = [largest, nearest]

  func measure(_ geometry: ClassGeometry) -> [Measurement] {
    guard let neighbourhoods = geometry.pairs?.neighbourhoods else { return [] }
    let largest = neighbourhoods.compactMap(\.coherence)
    let mean = largest.isEmpty ? nil : RunningVariance(largest).mean
    return [.scalar(Self.largest, largest.max()), .scalar(Self.nearest, mean)]
  }
}
