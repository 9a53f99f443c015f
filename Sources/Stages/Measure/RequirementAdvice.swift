import Geometry
import Plan

extension Requirement {
  /// What to do to meet the requirement, in the syntax of the place where the user wrote the stage.
  fileprivate func advice(_ place: SourcePosition) -> String {
    switch self {
    case .withinScatter: "accumulate with \(place.example("within", "pooled"))"
    case .classifier: "name it with \(place.name("classifier"))"
    case .everyPair: "leave out \(place.name("pairs"))"
    case .decisions: "name them with \(place.name("decisions"))"
    case .outOfDistribution: "name its state with \(place.name("ood"))"
    case .selection: "select them, as with \(place.example("min-count", "2"))"
    }
  }

  /// The requirement, as it follows “needs”.
  private var words: String {
    switch self {
    case .withinScatter: "a state accumulated with --within pooled"
    case .classifier: "--classifier"
    case .everyPair: "every pair, so no --pairs"
    case .decisions: "--decisions"
    case .outOfDistribution: "--ood"
    case .selection: "a selection of classes (--min-count, --max-count, --tokens, or a group)"
    }
  }

  /// What each statistic needs, for help.
  static var help: String {
    allCases.map { requirement in
      let ids = Statistics.needing(requirement)
      return "\(ids) need\(ids.contains(" ") ? "" : "s") \(requirement.words)"
    }.joined(separator: ". ") + "."
  }
}

extension Remark {
  /// The remark for people: what to do comes in the syntax of the place where they wrote the stage.
  func text(at place: SourcePosition) -> String { text + (need.map { "; \($0.advice(place))" } ?? "") }
}
