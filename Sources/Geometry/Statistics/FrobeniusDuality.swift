/// Self-duality (NC3) of the output head and the class means as whole matrices.
///
/// ‖W/‖W‖_F − M/‖M‖_F‖_F² with the rows w_c and m_c of the K classes, within 0 … 4. Under collapse it tends to 0. It is
/// computed from the difference: 2 − 2⟨W, M⟩/(‖W‖_F‖M‖_F) would cancel.
///
/// - Undefined if class means do not differ, or if all w_c are zero. Without a classifier there is nothing to report.
/// - Complexity: O(K·d).
/// - Source: Papyan, Han & Donoho 2020.
struct FrobeniusDuality: Statistic {
  static let entry = StatisticEntry(
    id: "nc3_frobenius", title: "Distance of head and means as matrices", family: .nc3, shape: .scalar,
    formula: "‖ W/‖W‖_F − M/‖M‖_F ‖_F²", underCollapse: "→ 0", needs: .classifier, source: "Papyan, Han & Donoho 2020")
  static let entries = [entry]

  func measure(_ geometry: ClassGeometry) -> [Measurement] {
    guard let classifier = geometry.classifier, let norms = geometry.classifierNorms else { return [] }
    let (head, means) = (Self.length(norms), Self.length(geometry.means.norms))
    guard geometry.means.differ, head > 0 else { return [.scalar(Self.entry, nil)] }
    let squared = classifier.withUnsafeElements { rows in
      geometry.means.centred.withUnsafeElements { centred -> Double in
        guard let a = rows.baseAddress, let b = centred.baseAddress else { return .nan }
        let d = classifier.columns
        let squares = (0..<classifier.rows).map {
          squaredDifference(a + $0 * d, times: 1 / head, b + $0 * d, times: 1 / means, count: d)
        }
        return squares.reduce(into: CompensatedSum()) { $0.add($1) }.value
      }
    }
    return [.scalar(Self.entry, squared)]
  }

  /// √Σx², for lengths whose squares fit a double.
  private static func length(_ norms: [Double]) -> Double {
    norms.reduce(into: CompensatedSum()) { $0.add($1 * $1) }.value.squareRoot()
  }
}
