import Geometry

/// How two states relate, and how that is known.
package struct StatesRelation: Sendable, Equatable {
  /// How it is known whether two states are of the same samples, or in one basis.
  package enum Evidence: String, Sendable {
    /// The user says so.
    case option
    /// The digests of samples, labels or output heads.
    case digests
    /// The samples of each class: equal or not.
    case counts
  }

  package let sameSamples: Bool
  package let samplesKnownBy: Evidence
  /// Nil if it is not known that both are in one basis.
  package let basisKnownBy: Evidence?

  package var relation: StateComparison.Relation {
    .init(sameSamples: sameSamples, sameBasis: basisKnownBy != nil)
  }

  /// - Parameters:
  ///   - equalCounts: whether both states have the same classes with the same counts.
  ///   - sameSamples: whether the samples are the same, if the user says so.
  ///   - sameBasis: whether the user says that both are in one basis.
  ///   - heads: the digests of the two models' output heads, where known.
  package init(
    _ a: Provenance, _ b: Provenance, equalCounts: Bool, sameSamples: Bool?, sameBasis: Bool, heads: [String?] = []
  ) {
    let sameFeatures = !a.samplesDigest.isEmpty && a.samplesDigest == b.samplesDigest
    let sameLabels: Bool? =
      if sameFeatures { true } else if let one = a.labelsDigest, let two = b.labelsDigest {
        // Merged states of the same samples have other digests if they were merged of other parts.
        one == two ? true : a.parts == 1 && b.parts == 1 ? false : nil
      } else { nil }
    (self.sameSamples, samplesKnownBy) =
      if let sameSamples { (sameSamples, .option) } else if let sameLabels {
        (sameLabels, .digests)
      } else { (equalCounts, .counts) }
    let known = heads.compactMap(\.self)
    let sameHead = known.count == 2 && known[0] == known[1]
    basisKnownBy = sameBasis ? .option : sameFeatures || sameHead ? .digests : nil
  }
}
