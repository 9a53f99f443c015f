/// Within-class versus between-class variability (NC1) of the selected classes by themselves.
///
/// ``Traces`` and ``CorrectedTraces`` take tr Σ_W of all samples, whatever classes are selected. It takes that of the
/// samples of the selected classes: their number N_S = Σ n_c, (1/N_S) Σ M2_c, and its quotient with tr Σ_B; corrected for
/// sampling noise, Σ M2_c/(N_S − K) and its quotient with B. Under collapse the quotients tend to 0.
///
/// - Absent without a selection: there it would repeat the others.
/// - Undefined where those are.
/// - Complexity: O(K).
struct SelectedTraces: Statistic {
  static let samples = StatisticEntry(
    id: "selected_samples", title: "Samples of the selected classes", family: .sizes, shape: .count,
    formula: "N_S = Σ n_c over the K classes", needs: .selection)
  static let within = StatisticEntry(
    id: "selected_within_trace", title: "tr Σ_W of the selected classes", family: .sizes, shape: .scalar,
    formula: "(1/N_S) Σ M2_c over the K classes", needs: .selection, scaling: .power(2))
  static let quotient = StatisticEntry(
    id: "selected_quotient", title: "tr Σ_W of the selected classes / tr Σ_B", family: .nc1, shape: .scalar,
    formula: "(1/N_S) Σ M2_c / tr Σ_B", underCollapse: "→ 0", needs: .selection,
    source: "Tirer, Huang & Niles-Weed 2023")
  static let correctedWithin = StatisticEntry(
    id: "selected_within_trace_corrected", title: "tr Σ_W of the selected classes, corrected for noise",
    family: .sizes, shape: .scalar, formula: "Σ M2_c/(N_S − K) over the K classes", needs: .selection,
    scaling: .power(2), corrects: within.id)
  static let correctedQuotient = StatisticEntry(
    id: "selected_quotient_corrected", title: "tr Σ_W of the selected classes / tr Σ_B, corrected for noise",
    family: .nc1, shape: .scalar, formula: "Σ M2_c/(N_S − K) / B", underCollapse: "→ 0", needs: .selection,
    source: "Tirer, Huang & Niles-Weed 2023", corrects: quotient.id)
  static let entries = [samples, within, quotient, correctedWithin, correctedQuotient]

  func measure(_ geometry: ClassGeometry) -> [Measurement] {
    guard geometry.isSelection else { return [] }
    let (means, errors) = (geometry.means, geometry.traceErrors)
    let absence = geometry.varianceAbsence
    let within = absence == nil ? means.withinTrace : nil
    return [
      Measurement(Self.samples, .count(means.samples)),
      .scalar(Self.within, within, error: errors?.selectedWithin.measured, reason: absence?.rawValue),
      .scalar(
        Self.quotient, means.differ ? within.map { $0 / means.betweenTrace } : nil,
        error: errors?.selectedQuotient.measured, reason: means.differ ? absence?.rawValue : nil),
      .scalar(Self.correctedWithin, of: geometry.noise, error: errors?.selectedWithin.corrected) {
        noise throws(SamplingNoise.Absence) in
        try noise.knownSelectedWithin
      },
      .scalar(Self.correctedQuotient, of: geometry.noise, error: errors?.selectedQuotient.corrected) {
        noise throws(SamplingNoise.Absence) in
        means.differ ? try noise.knownSelectedWithin / noise.positiveBetween : nil
      },
    ]
  }
}
