/// Self-duality (NC3): how closely the directions of each class mean and its classifier row agree.
///
/// With ŵ_c = w_c/‖w_c‖, reports over the K classes
/// - cos(w_c, m_c), within −1 … 1, which tends to 1. Uniform duality (UNC3) only asks that it be the same for all
///   classes: its deviation and its cv tend to 0;
/// - ⟨w_c, m_c⟩, which depends on scale;
/// - ‖ŵ_c − û_c‖, within 0 … 2, which tends to 0. It is computed from the difference: √(2 − 2cos) would cancel.
///
/// Mean and deviation of the cosines are computed as those of 1 − ‖ŵ_c − û_c‖²/2, so that uniform duality shows however
/// near 1 they are. Classifier rows are not centred. Without a classifier there is nothing to report.
///
/// - If w_c or m_c is zero there is no cosine and no distance; the class is left out of both and counted.
/// - Complexity: O(K·d).
/// - Source: Papyan, Han & Donoho 2020; uniform duality: Wu & Papyan 2024.
struct SelfDuality: Statistic {
  static let cosine = StatisticEntry(
    id: "nc3_cosine", title: "Cosine of class mean and classifier", family: .nc3, shape: .classes,
    formula: "cos(w_c, m_c)", underCollapse: "→ 1, std → 0", needs: .classifier, source: "Wu & Papyan 2024",
    headline: .init(part: .mean, words: "cosine, mean", column: "NC3 cosine", collapsed: 1),
    overMinCount: true,
    properties: [
      .init(name: "NC3 self-duality", part: .mean, authors: "sims_mean", later: "simcos_mean"),
      .init(
        name: "UNC3 uniform duality", part: .cv, authors: "sims_std / sims_mean",
        later: "sqrt(simcos_var) / simcos_mean"),
    ])
  static let product = StatisticEntry(
    id: "nc3_dot", title: "Inner product of the two", family: .nc3, shape: .classes, formula: "⟨w_c, m_c⟩",
    underCollapse: "cv → 0", needs: .classifier, scaling: .power(1), source: "Wu & Papyan 2024")
  static let distance = StatisticEntry(
    id: "nc3_distance", title: "Distance between their directions", family: .nc3, shape: .classes,
    formula: "‖ŵ_c − û_c‖",
    underCollapse: "→ 0", needs: .classifier, source: "Papyan, Han & Donoho 2020")
  static let entries = [cosine, product, distance]

  func measure(_ geometry: ClassGeometry) -> [Measurement] {
    guard let alignments = geometry.alignments else { return [] }
    let deficits = alignments.map { alignment in alignment.distance.map { $0 * $0 / 2 } }
    return [
      .overClasses(Self.cosine, oneMinus: deficits),
      .overClasses(Self.product, alignments.map(\.dot)),
      .overClasses(Self.distance, alignments.map(\.distance)),
    ]
  }
}

/// How a class mean m_c aligns with its classifier row w_c.
struct MeanAndClassifierRow: Sendable {
  /// ⟨w_c, m_c⟩.
  let dot: Double
  /// cos(w_c, m_c); nil if w_c or m_c is zero.
  let cosine: Double?
  /// ‖ŵ_c − û_c‖; nil if w_c or m_c is zero.
  let distance: Double?
}

extension ClassGeometry {
  /// One per class; nil without a classifier.
  var alignments: [MeanAndClassifierRow]? {
    guard let classifier, let classifierNorms else { return nil }
    return classifier.withUnsafeElements { rows in
      means.centred.withUnsafeElements { centred in
        guard let rows = rows.baseAddress, let centred = centred.baseAddress else { return [] }
        let d = means.dimension
        return (0..<means.classes).map { c in
          alignment(rows + c * d, 1 / classifierNorms[c], centred + c * d, means.inverseNorms[c])
        }
      }
    }
  }

  private func alignment(
    _ row: UnsafePointer<Double>, _ inverseRow: Double, _ mean: UnsafePointer<Double>, _ inverseMean: Double
  ) -> MeanAndClassifierRow {
    let product = dot(row, mean, count: means.dimension)
    guard inverseRow.isFinite, inverseMean.isFinite else {
      return MeanAndClassifierRow(dot: product, cosine: nil, distance: nil)
    }
    let squared = squaredDifference(row, times: inverseRow, mean, times: inverseMean, count: means.dimension)
    let cosine = product * inverseRow * inverseMean
    return MeanAndClassifierRow(dot: product, cosine: min(1, max(-1, cosine)), distance: squared.squareRoot())
  }
}
