import Geometry
import Plan

extension Requirement {
  /// What to do to meet the requirement, in the syntax of the place where the user wrote the stage.
  fileprivate func advice(_ place: SourcePosition) -> String {
    switch self {
    case .withinScatter:
      "the state has no within-class scatter; accumulate with \(place.example("within", "pooled"))"
    case .classifier: "no output head was given; name it with \(place.name("classifier"))"
    case .everyPair: "they need every pair of classes; leave out \(place.name("pairs"))"
    case .decisions: "no decisions were given; name them with \(place.name("decisions"))"
    case .outOfDistribution:
      "no out-of-distribution stream was given; name its state with \(place.name("ood"))"
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
  /// The remark for people, in the syntax of the place where they wrote the stage.
  func text(at place: SourcePosition) -> String {
    switch self {
    case .absent(let ids, let need):
      "\(ids.joined(separator: ", ")) \(ids.count == 1 ? "is" : "are") absent: \(need.advice(place))"
    case .undefined(let ids, let reason):
      "\(ids.joined(separator: ", ")) \(ids.count == 1 ? "is" : "are") undefined (null): \(reason)"
    }
  }
}
