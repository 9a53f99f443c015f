import Embeddings

/// What made a state, kept in the state: the identity of the samples and the options, not the names of files or hosts, so
/// that the same samples give the same bytes from whatever container.
public struct Provenance: Sendable, Equatable {
  /// The verb: `accumulate` or `merge`.
  public var madeBy: String
  /// V, given or one more than the largest token id seen.
  public var vocabulary: Int
  /// Whether V was given.
  public var vocabularyWasGiven: Bool
  /// Rows left out for a NaN or an infinite feature.
  public var skipped: Int
  /// Storage types of the features, in order of appearance: `float16`.
  public var features: [String]
  /// States merged; 1 for a state that was accumulated.
  public var parts: Int
  /// Identity of the samples: of a stream's labels and features, or of the merged states' identities, in order.
  public var samplesDigest: String

  public init(
    madeBy: String, vocabulary: Int, vocabularyWasGiven: Bool, skipped: Int, features: [String], parts: Int,
    samplesDigest: String
  ) {
    self.madeBy = madeBy
    self.vocabulary = vocabulary
    self.vocabularyWasGiven = vocabularyWasGiven
    self.skipped = skipped
    self.features = features
    self.parts = parts
    self.samplesDigest = samplesDigest
  }
}
