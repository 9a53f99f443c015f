/// Equinorm and equiangular rows of the output head (NC2 of the classifier).
///
/// The statistics of NC2 with the rows w_c of the K classes in place of the centred class means: ‖w_c‖, ⟨ŵ_c, ŵ_c′⟩, its
/// mean distance from −1/(K − 1), and the distance of [⟨w_c, w_c′⟩] from a simplex. Under collapse the rows form a simplex
/// as the means do. They are measured as they are, or less their own mean as an option.
///
/// - A row of length zero has no direction; it is left out with all its pairs and counted.
/// - Without a classifier there is nothing to report.
/// - Complexity: O(K²·d).
/// - Source: Zhu et al. 2021; maximal angles: Papyan, Han & Donoho 2020.
struct HeadFrame: Statistic {
  static let norm = StatisticEntry(
    id: "head_norm", title: "Norm of the head's rows", family: .head, shape: .classes, formula: "‖w_c‖",
    underCollapse: "cv → 0", needs: .classifier, source: "Zhu et al. 2021")
  static let interference = StatisticEntry(
    id: "head_interference", title: "Cosine between the head's rows", family: .head, shape: .pairs,
    formula: "⟨ŵ_c, ŵ_c′⟩", underCollapse: "→ −1/(K−1), std → 0", needs: .classifier, source: "Zhu et al. 2021")
  static let angle = StatisticEntry(
    id: "head_maximal_angle", title: "Their deviation from maximal angles", family: .head, shape: .scalar,
    formula: "mean over pairs of |⟨ŵ_c, ŵ_c′⟩ + 1/(K−1)|", underCollapse: "→ 0", needs: .classifier,
    source: "Papyan, Han & Donoho 2020")
  static let simplex = StatisticEntry(
    id: "head_etf_error", title: "Their distance to the simplex frame", family: .head, shape: .scalar,
    formula: "‖ S/‖S‖_F − (I − 11ᵀ/K)/√(K−1) ‖_F, S = [⟨w_c, w_c′⟩]", underCollapse: "→ 0",
    floor: SimplexError.floor, needs: .classifier,
    source: "Zhu et al. 2021")
  static let entries = [norm, interference, angle, simplex]

  func measure(_ geometry: ClassGeometry) throws -> [Measurement] {
    guard let head = geometry.head, let sweep = geometry.headPairs, let classifier = geometry.classifierGram else {
      return []
    }
    let threads = geometry.threads
    let gram = geometry.isHeadCentred ? try MatrixProducts.gram(head.centred, threads: threads) : classifier
    let deviation = SimplexDeviation(
      left: head.centred, right: head.centred, leftGram: gram, rightGram: gram, threads: threads)
    return [
      .overClasses(Self.norm, head.norms),
      Measurement(
        Self.interference, .overPairs(try Interference.summary(of: head, sweep, threads: threads))),
      MaximalAngle.measurement(Self.angle, sweep),
      .scalar(Self.simplex, head.differ ? try deviation.error : nil),
    ]
  }
}
