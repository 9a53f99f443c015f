import Support

/// Agreement with the nearest class mean (NC4): how often the classifier decides as the nearest mean does.
///
/// The share of unseen samples on which argmax_c ⟨w_c, h⟩ + b_c over all V tokens equals argmin_c ‖h − μ_c‖ over the K
/// classes seen, within 0 … 1. Under collapse it tends to 1. Also reports the share of samples whose own class each of
/// the two chose. Without decisions there is nothing to report.
///
/// - If classes were selected, only samples of the selected classes count. Otherwise all samples count, including those
///   of classes never seen in training.
/// - Without samples it is undefined.
/// - Complexity: O(classes of the samples).
/// - Source: Papyan, Han & Donoho 2020; Wu & Papyan 2024.
package struct ClassifierAgreement: Statistic {
  package static let entry = StatisticEntry(
    id: "nc4", title: "Agreement on unseen samples", family: .nc4, shape: .samples,
    formula: "share of samples on which argmax_c ⟨w_c, h⟩ + b_c = argmin_c ‖h − μ_c‖", underCollapse: "→ 1",
    needs: .decisions, source: "Papyan, Han & Donoho 2020",
    headline: .init(part: .value, words: "agreement", column: "NC4", collapsed: 1), overMinCount: true,
    properties: [.init(name: "NC4 classifier agreement", part: .value, authors: "matches", later: "hits")])
  static let entries = [entry]

  func measure(_ geometry: ClassGeometry) -> [Measurement] {
    guard let decisions = geometry.decisions else { return [] }
    return [Measurement(Self.entry, .overSamples(decisions.totals(of: geometry.selectedTokens)))]
  }
}

extension ClassifierAgreement {
  /// The numbers that results report on what two deciders chose, by their names there.
  package enum Number: String, CaseIterable, Sendable {
    case samples, hits, agreement, accuracy
    case nearestAccuracy = "ncc_accuracy"

    package var title: String {
      switch self {
      case .samples: "Unseen samples"
      case .hits: "Samples on which both agree"
      case .agreement: entry.title
      case .accuracy: "Accuracy of the classifier"
      case .nearestAccuracy: "Accuracy of the nearest mean"
      }
    }
  }
}

extension Decisions.Counts {
  /// The share of samples on which the deciders agree.
  var agreement: Double? { share(hits) }

  private func share(_ count: Int) -> Double? { samples > 0 ? Double(count) / Double(samples) : nil }

  /// As written to results.
  var json: JSONValue {
    .object(
      ClassifierAgreement.Number.allCases.map { number in
        let value: JSONValue =
          switch number {
          case .samples: .integer(samples)
          case .hits: .integer(hits)
          case .agreement: .optional(agreement)
          case .accuracy: .optional(share(modelCorrect))
          case .nearestAccuracy: .optional(share(nearestCorrect))
          }
        return .init(number.rawValue, value)
      })
  }
}
