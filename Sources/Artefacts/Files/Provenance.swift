import Moments
import Storage

/// What made a state or decisions: the identity of the samples, and the options. Names of files and hosts are left out,
/// so that the same samples give the same bytes from any container.
package struct Provenance: Sendable, Equatable {
  /// The verb: `accumulate`, `decide` or `merge`.
  package var madeBy: String
  /// V. For a state, as given, or one more than the largest token id seen. For decisions, the rows of the classifier
  /// or, with predictions, the V of the moments.
  package var vocabulary: Int
  /// Whether V was given; decisions do not record it.
  package var vocabularyWasGiven: Bool
  /// Rows left out for a NaN or an infinite feature.
  package var skipped: Int
  /// Storage types of the features, in order of appearance: `float16`.
  package var features: [String]
  /// Number of files merged; 1 for one stream.
  package var parts: Int
  /// Identity of the samples: of a stream's labels and features, or of two merged states' identities (``MergeTree``).
  package var samplesDigest: String
  /// Identity of their labels alone, or of the merged states' labels. States of other models on the same text have the
  /// same one. Nil for decisions, and for states of a release that did not record it.
  package var labelsDigest: String?
  /// The part of a stream that a state holds; nil for a whole stream. Rows left out count in the first part.
  package var part: PartOfStream?
  /// The identity of the stream whose parts, all of them, were merged; nil for anything else. The merge equals the
  /// unsplit state but for rounding.
  package var stream: String?

  package init(
    madeBy: String, vocabulary: Int, vocabularyWasGiven: Bool = false, skipped: Int, features: [String], parts: Int,
    samplesDigest: String, labelsDigest: String? = nil, part: PartOfStream? = nil
  ) {
    (self.madeBy, self.vocabulary, self.vocabularyWasGiven) = (madeBy, vocabulary, vocabularyWasGiven)
    (self.skipped, self.features, self.parts) = (skipped, features, parts)
    (self.samplesDigest, self.labelsDigest, self.part) = (samplesDigest, labelsDigest, part)
  }
}

extension Provenance {
  /// The identity of the stream that the samples are of, whole or in part; empty if unknown.
  package var streamDigest: String { part?.stream ?? stream ?? samplesDigest }

  /// The provenance of merged files, in order. Its size does not depend on how many there are.
  ///
  /// - Precondition: `all` is not empty, and its sums do not overflow.
  package init(merging all: [Provenance]) {
    let labels = all.compactMap(\.labelsDigest)
    self.init(
      madeBy: "merge", vocabulary: all.map(\.vocabulary).max() ?? 0,
      vocabularyWasGiven: all.contains(where: \.vocabularyWasGiven), skipped: all.reduce(0) { $0 + $1.skipped },
      features: all.flatMap(\.features).reduce(into: []) { if !$0.contains($1) { $0.append($1) } },
      parts: all.reduce(0) { $0 + $1.parts }, samplesDigest: MergeTree.digest(all.map(\.samplesDigest)),
      labelsDigest: labels.count == all.count ? MergeTree.digest(labels) : nil)
    guard let merged = PartOfStream(merging: all.map(\.part)) else { return }
    if merged.isWhole { stream = merged.stream } else { part = merged }
  }
}

extension MergeTree {
  /// The identity of merged samples, from those of the parts. Each join takes the checksum of two identities.
  ///
  /// - Precondition: `parts` is not empty.
  package static func digest(_ parts: [String]) -> String {
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
