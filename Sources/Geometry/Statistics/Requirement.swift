/// An optional input that some statistics need.
package enum Requirement: Sendable, CaseIterable {
  /// Σ_W as a matrix.
  case withinScatter
  case classifier
  /// A sweep over all pairs of classes, not over a sample.
  case everyPair
  /// Decisions on unseen samples.
  case decisions
  /// An out-of-distribution stream.
  case outOfDistribution
  /// Conditions on the classes, or a group of them.
  case selection

  /// That it is not met, in words.
  var absence: String {
    switch self {
    case .withinScatter: "the state has no within-class scatter"
    case .classifier: "no output head was given"
    case .everyPair: "they need every pair of classes"
    case .decisions: "no decisions were given"
    case .outOfDistribution: "no out-of-distribution stream was given"
    case .selection: "no classes were selected"
    }
  }
}

extension ClassGeometry {
  func meets(_ requirement: Requirement) -> Bool {
    switch requirement {
    case .withinScatter: withinScatter != nil
    case .classifier: classifier != nil
    case .everyPair: pairs?.neighbourhoods != nil
    case .decisions: decisions != nil
    case .outOfDistribution: outOfDistribution != nil
    case .selection: isSelection
    }
  }
}
