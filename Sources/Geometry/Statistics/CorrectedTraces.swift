/// Within-class versus between-class variability (NC1), without the sampling noise of class means.
///
/// W = Σ M2_c/(N − K) over all classes of the state, B = tr Σ̂_B − (1 − 1/K)(1/K)Σ e_c, and W/B. Their expectations are the
/// traces and quotient of the true means and covariances, however few samples the classes have; see ``SamplingNoise``.
///
/// - The quotient is undefined if B ≤ 0: then noise alone explains how far the means lie apart.
/// - Complexity: O(K).
package struct CorrectedTraces: Statistic {
  package static let within = StatisticEntry(
    id: "within_trace_corrected", title: "tr Σ_W, corrected for noise", family: .sizes, shape: .scalar,
    formula: "W = Σ M2_c/(N − K)", scaling: .power(2), usesAllSamples: true, corrects: Traces.within.id,
    timeline: .listed,
    hasErrorInClosedForm: true)
  package static let between = StatisticEntry(
    id: "between_trace_corrected", title: "tr Σ_B, corrected for noise", family: .sizes, shape: .scalar,
    formula: "B = tr Σ_B − (1 − 1/K)(1/K) Σ e_c", scaling: .power(2),
    corrects: Traces.between.id, timeline: .listed, hasErrorInClosedForm: true, overMinCount: true)
  package static let quotient = StatisticEntry(
    id: "nc1_quotient_corrected", title: "tr Σ_W / tr Σ_B, corrected for noise", family: .nc1, shape: .scalar,
    formula: "W/B", underCollapse: "→ 0", source: "Tirer, Huang & Niles-Weed 2023", usesAllSamples: true,
    corrects: Traces.quotient.id,
    timeline: .listed, hasErrorInClosedForm: true, overMinCount: true)
  static let entries = [within, between, quotient]

  func measure(_ geometry: ClassGeometry) -> [Measurement] {
    let errors = geometry.traceErrors
    return [
      .scalar(Self.within, of: geometry.noise, error: errors?.within) { $0.within },
      .scalar(Self.between, of: geometry.noise, error: errors?.between) { $0.between },
      .scalar(Self.quotient, of: geometry.noise, error: errors?.quotient) { noise throws(SamplingNoise.Absence) in
        geometry.means.differ ? try noise.within / noise.positiveBetween : nil
      },
    ]
  }
}
