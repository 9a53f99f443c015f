import Moments
import Storage

/// What made a state or decisions, kept in the file: the identity of the samples and the options, not the names of files or
/// hosts, so that the same samples give the same bytes from whatever container.
public struct Provenance: Sendable, Equatable {
  /// The verb: `accumulate`, `decide` or `merge`.
  public var madeBy: String
  /// V: of a state given, or one more than the largest token id seen; of decisions the rows of the classifier or, where
  /// predictions were used, that of the moments.
  public var vocabulary: Int
  /// Whether V was given; decisions do not say.
  public var vocabularyWasGiven: Bool
  /// Rows left out for a NaN or an infinite feature.
  public var skipped: Int
  /// Storage types of the features, in order of appearance: `float16`.
  public var features: [String]
  /// Files merged; 1 for one stream.
  public var parts: Int
  /// Identity of the samples: of a stream's labels and features, or of two merged states' identities (``MergeTree``).
  public var samplesDigest: String

  public init(
    madeBy: String, vocabulary: Int, vocabularyWasGiven: Bool = false, skipped: Int, features: [String], parts: Int,
    samplesDigest: String
  ) {
    (self.madeBy, self.vocabulary, self.vocabularyWasGiven) = (madeBy, vocabulary, vocabularyWasGiven)
    (self.skipped, self.features, self.parts) = (skipped, features, parts)
    self.samplesDigest = samplesDigest
  }
}

extension Provenance {
  /// What made a merge of files, in their order; of as many files, it is as long as of one.
  ///
  /// - Precondition: there are files, and their sums can be counted.
  init(merging all: [Provenance]) {
    self.init(
      madeBy: "merge", vocabulary: all.map(\.vocabulary).max() ?? 0,
      vocabularyWasGiven: all.contains(where: \.vocabularyWasGiven), skipped: all.reduce(0) { $0 + $1.skipped },
      features: all.flatMap(\.features).reduce(into: []) { if !$0.contains($1) { $0.append($1) } },
      parts: all.reduce(0) { $0 + $1.parts }, samplesDigest: MergeTree.digest(all.map(\.samplesDigest)))
  }
}

extension MergeTree {
  /// The identity of samples that were merged, of those of the parts: of two, the checksum of both.
  ///
  /// - Precondition: there are parts.
  static func digest(_ parts: [String]) -> String {
    reduce(parts.indices) {
      parts[$0]
    } join: { left, right, _ in
      let sum = Checksum()
      sum.update(left)
      sum.update(right)
      return sum.value
    }
  }
}
