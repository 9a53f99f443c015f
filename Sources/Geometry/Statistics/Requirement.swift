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
}

extension ClassGeometry {
  func meets(_ requirement: Requirement) -> Bool {
    switch requirement {
    case .withinScatter: withinScatter != nil
    case .classifier: classifier != nil
    case .everyPair: pairs?.neighbourhoods != nil
    case .decisions: decisions != nil
    case .outOfDistribution: outOfDistribution != nil
    }
  }
}
