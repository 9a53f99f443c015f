/// Within-class against between-class variability (NC1) by their traces.
///
/// Reports tr Σ_W = (1/N) Σ_c Σ‖h − μ_c‖², tr Σ_B = (1/K) Σ_c ‖m_c‖², and their quotient, which is ≥ 0. Under collapse it
/// tends to 0.
///
/// - Where class means do not differ (K = 1, or all m_c zero within rounding) the quotient is undefined.
/// - Complexity: O(K·d).
/// - Source: Tirer, Huang & Niles-Weed 2023.
struct Traces: Statistic {
  let underCollapse = ["nc1_quotient": "→ 0"]

  func measure(_ geometry: ClassGeometry) -> [Measurement] {
    let (within, between) = (geometry.withinTrace, geometry.means.betweenTrace)
    return [
      .scalar("within_trace", within),
      .scalar("between_trace", between),
      .scalar("nc1_quotient", geometry.means.differ ? within / between : nil),
    ]
  }
}
