import Foundation

/// What a reader of a comparison should know before believing its numbers.
package struct ComparisonRemark: Sendable, Equatable {
  package let id: String
  package let text: String

  /// The most noise in a state, as a share of the between-class trace, that needs no remark.
  private static let littleNoise = 0.1

  static func remarks(
    on part: StateComparison.Part, _ a: ComparedState, _ b: ComparedState, _ relation: StateComparison.Relation
  ) -> [ComparisonRemark] {
    var remarks: [ComparisonRemark] = []
    func add(_ id: String, _ text: String) { remarks.append(ComparisonRemark(id: id, text: text)) }
    if relation.sameBasis {
      add(relation.samples == .same ? "paired" : "unpaired", words(relation.samples))
    } else {
      add(
        "no_basis",
        "no cosines and distances by class: they need features in one basis, which same-basis asserts for checkpoints or layers of one model"
      )
    }
    for (owner, measurements) in [("", part.measurements), (" of A", a.measurements), (" of B", b.measurements)] {
      let undefined = measurements.filter(\.isUndefined)
      for reason in undefined.compactMap(\.reason).distinct() {
        let ids = undefined.filter { $0.reason == reason }.map(\.id)
        add(
          "undefined",
          "\(ids.joined(separator: ", "))\(owner) \(ids.count == 1 ? "is" : "are") undefined (null): \(reason)")
      }
    }
    if a.means.classes == 2, part.similarity != nil {
      add("two_classes", "with two common classes, CKA is 1 and the Procrustes distance 0 for any states")
    } else if let similarity = part.similarity, similarity.cka < 2 * similarity.shuffledCKA {
      add(
        "near_floor",
        "CKA \(number(similarity.cka)) is less than twice what shuffled classes give (\(number(similarity.shuffledCKA)))"
      )
    }
    for (name, state) in [("A", a), ("B", b)] {
      guard let share = state.noiseShare, share > littleNoise else { continue }
      add(
        "noise",
        "\(String(format: "%.0f", 100 * share)) % of the between-class trace of \(name) is sampling noise, which CKA and Procrustes include; fewer rare classes (min-count) have less"
      )
    }
    return remarks
  }

  private static func words(_ samples: StateComparison.Relation.Samples) -> String {
    func within(_ some: String, _ all: String) -> String {
      "the samples of \(some) are some of those of \(all); only the noise that they do not share is subtracted from squared distances"
    }
    return switch samples {
    case .same: "paired: both states are of the same samples, so nothing is subtracted from squared distances"
    case .different: "the states are of different samples; e_A + e_B is subtracted from squared distances"
    case .aWithinB: within("A", "B")
    case .bWithinA: within("B", "A")
    }
  }

  private static func number(_ value: Double) -> String { String(format: "%.3g", value) }
}
