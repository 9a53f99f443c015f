/// Within-class versus between-class variability (NC1), by their traces.
///
/// Reports tr Σ_W = (1/N) Σ_c Σ‖h − μ_c‖², tr Σ_B = (1/K) Σ_c ‖m_c‖², and their quotient, which is ≥ 0. Under collapse it
/// tends to 0.
///
/// - If class means do not differ (K = 1, or all m_c zero within rounding), the quotient is undefined.
/// - If no class of the state has two samples, tr Σ_W and the quotient are undefined.
/// - Complexity: O(K·d).
/// - Source: Tirer, Huang & Niles-Weed 2023.
package struct Traces: Statistic {
  package static let within = StatisticEntry(
    id: "within_trace", title: "tr Σ_W", family: .sizes, shape: .scalar, formula: "tr Σ_W = (1/N) Σ_c Σ‖h − μ_c‖²",
    scaling: .power(2), usesAllSamples: true, timeline: .listed, hasErrorInClosedForm: true)
  package static let between = StatisticEntry(
    id: "between_trace", title: "tr Σ_B", family: .sizes, shape: .scalar, formula: "tr Σ_B = (1/K) Σ_c ‖m_c‖²",
    scaling: .power(2), timeline: .listed, hasErrorInClosedForm: true, overMinCount: true)
  package static let quotient = StatisticEntry(
    id: "nc1_quotient", title: "tr Σ_W / tr Σ_B", family: .nc1, shape: .scalar, formula: "tr Σ_W / tr Σ_B",
    underCollapse: "→ 0", source: "Tirer, Huang & Niles-Weed 2023", usesAllSamples: true,
    timeline: .drawn(.value),
    hasErrorInClosedForm: true, overMinCount: true)
  static let entries = [within, between, quotient]

  func measure(_ geometry: ClassGeometry) -> [Measurement] {
    let absence = geometry.withinAbsence
    let (within, between) = (absence == nil ? geometry.withinTrace : nil, geometry.means.betweenTrace)
    let (errors, differ) = (geometry.traceErrors, geometry.means.differ)
    return [
      .scalar(Self.within, within, error: errors?.measuredWithin, reason: absence?.rawValue),
      .scalar(Self.between, between, error: errors?.measuredBetween),
      .scalar(
        Self.quotient, differ ? within.map { $0 / between } : nil, error: errors?.measuredQuotient,
        reason: differ ? absence?.rawValue : nil),
    ]
  }
}
