import Support

/// Agreement with the nearest class mean (NC4): how far the classifier has come to do what the nearest mean does.
///
/// The share of unseen samples on which argmax_c ⟨w_c, h⟩ + b_c over all V equals argmin_c ‖h − μ_c‖ over the K classes seen,
/// within 0 … 1; under collapse it tends to 1. Beside it the share of samples whose own class each of the two chose. Without
/// decisions there is nothing to report.
///
/// - Where classes were selected, the samples are those of the selected classes; else all, those of classes that were never
///   seen in training among them.
/// - Of no samples there is no share: it is undefined.
/// - Complexity: O(classes of the samples).
/// - Source: Papyan, Han & Donoho 2020; Wu & Papyan 2024.
struct ClassifierAgreement: Statistic {
  let underCollapse = ["nc4": "→ 1"]

  func measure(_ geometry: ClassGeometry) -> [Measurement] {
    guard let decisions = geometry.decisions else { return [] }
    return [Measurement("nc4", .overSamples(decisions.totals(of: geometry.selectedTokens)))]
  }
}

extension Decisions.Counts {
  /// The share of samples on which the deciders agree.
  var agreement: Double? { share(hits) }
  /// The share of samples that the model is right about.
  var accuracy: Double? { share(modelCorrect) }
  /// The share of samples that the nearest mean is right about.
  var nearestAccuracy: Double? { share(nearestCorrect) }

  private func share(_ count: Int) -> Double? { samples > 0 ? Double(count) / Double(samples) : nil }

  /// As results are written.
  var json: JSONValue {
    .object([
      .init("samples", .integer(samples)), .init("hits", .integer(hits)), .init("agreement", .optional(agreement)),
      .init("accuracy", .optional(accuracy)), .init("ncc_accuracy", .optional(nearestAccuracy)),
    ])
  }
}
