/// The part of the between-class trace that is sampling noise of the class means.
///
/// (1 − 1/K)(1/K)Σ e_c / tr Σ̂_B, where e_c = s²_c/n_c; see ``SamplingNoise``. It is ≥ 0, and above 1 if noise alone
/// would spread the means further than they are. The corrected between-class trace is the rest.
///
/// - Undefined if class means do not differ, or the global mean is weighted.
/// - Complexity: O(K).
package struct SamplingNoiseShare: Statistic {
  package static let entry = StatisticEntry(
    id: "noise_share", title: "Share of noise in tr Σ_B", family: .sizes, shape: .scalar,
    formula: "(1 − 1/K)(1/K) Σ e_c / tr Σ_B, e_c = M2_c/(n_c(n_c − 1))", timeline: .listed, overMinCount: true)
  static let entries = [entry]

  func measure(_ geometry: ClassGeometry) -> [Measurement] {
    [
      .scalar(Self.entry, of: geometry.noise) { noise in
        geometry.means.differ ? noise.betweenNoise / noise.measuredBetween : nil
      }
    ]
  }
}
