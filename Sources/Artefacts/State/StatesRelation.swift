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

  package let samples: StateComparison.Relation.Samples
  package let samplesKnownBy: Evidence
  /// Nil if it is not known that both are in one basis.
  package let basisKnownBy: Evidence?

  package var sameSamples: Bool { samples == .same }

  package var relation: StateComparison.Relation { .init(samples: samples, sameBasis: basisKnownBy != nil) }

  /// - Parameters:
  ///   - equalCounts: whether both states have the same classes with the same counts.
  ///   - sameSamples: whether the samples are the same, if the user says so.
  ///   - sameBasis: whether the user says that both are in one basis.
  ///   - heads: the digests of the two models' output heads, where known.
  package init(
    _ a: Provenance, _ b: Provenance, equalCounts: Bool, sameSamples: Bool?, sameBasis: Bool, heads: [String?] = []
  ) {
    (samples, samplesKnownBy) =
      if let sameSamples {
        (sameSamples ? .same : .different, .option)
      } else if let samples = Self.ofStream(a, b) ?? Self.ofLabels(a, b) {
        (samples, .digests)
      } else { (equalCounts ? .same : .different, .counts) }
    let known = heads.compactMap(\.self)
    let sameHead = known.count == 2 && known[0] == known[1]
    let sameStream = !a.streamDigest.isEmpty && a.streamDigest == b.streamDigest
    basisKnownBy = sameBasis ? .option : sameStream || sameHead ? .digests : nil
  }

  /// How samples of one stream relate; nil if they are not of one stream, or nothing is known.
  private static func ofStream(_ a: Provenance, _ b: Provenance) -> StateComparison.Relation.Samples? {
    guard !a.streamDigest.isEmpty, a.streamDigest == b.streamDigest else { return nil }
    switch (a.part, b.part) {
    case (nil, nil): return .same
    case (_?, nil): return .aWithinB
    case (nil, _?): return .bWithinA
    case (let one?, let two?):
      guard one.isPart(like: two) else { return nil }
      if one.numbers == two.numbers { return .same }
      if !one.numbers.overlaps(two.numbers) { return .different }
      return two.numbers.contains(one.numbers) ? .aWithinB : one.numbers.contains(two.numbers) ? .bWithinA : nil
    }
  }

  /// How samples relate by their labels, which states of other models on the same text share; nil if that is not known.
  private static func ofLabels(_ a: Provenance, _ b: Provenance) -> StateComparison.Relation.Samples? {
    guard let one = a.labelsDigest, let two = b.labelsDigest else { return nil }
    if one == two { return .same }
    if a.part?.identity(of: two) == one { return .aWithinB }
    if b.part?.identity(of: one) == two { return .bWithinA }
    // Merged states of the same samples have other digests if they were merged of other parts.
    return a.parts == 1 && b.parts == 1 ? .different : nil
  }
}
