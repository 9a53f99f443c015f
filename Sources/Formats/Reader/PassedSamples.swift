import Samples

/// The number and identity of the samples that were passed on, in part or under other labels.
package struct PassedSamples {
  /// Samples passed on.
  package private(set) var rows = 0
  private var scalars: [ScalarType] = []
  private var digest = SampleDigest()

  package init() {}

  /// The state of an unfinished tally.
  package struct Saved: Sendable, Equatable, Codable {
    let rows: Int
    let scalars: [ScalarType]
    let digest: SampleDigest.Saved

    /// Whether there can be so many samples, and this library can continue their digest.
    package var canBeResumed: Bool {
      (0...StreamPosition.largest).contains(rows) && SampleDigest(resuming: digest) != nil
    }
  }

  /// The state to resume from with ``init(resuming:)``; nil if there was no memory for it.
  package var saved: Saved? { digest.saved.map { Saved(rows: rows, scalars: scalars, digest: $0) } }

  /// Continues from a saved state; nil if this library cannot.
  package init?(resuming saved: Saved) {
    guard let digest = SampleDigest(resuming: saved.digest) else { return nil }
    (rows, scalars, self.digest) = (saved.rows, saved.scalars, digest)
  }

  package mutating func note(_ block: Block) {
    rows += block.rows
    if !scalars.contains(block.scalar) { scalars.append(block.scalar) }
    digest.update(block)
  }

  /// Counts a block whose digest the reader already has, from `before` to `after`. Features are read again only if other
  /// samples came before it here.
  package mutating func note(_ block: Block, readFrom before: Saved?, to after: Saved?) {
    if let before, let after, before.rows == rows, before.scalars == scalars,
      SampleDigest(resuming: before.digest)?.value == digest.value, let followed = PassedSamples(resuming: after)
    {
      self = followed
    } else {
      note(block)
    }
  }

  /// The digest of the samples; see ``SampleDigest``.
  package var identity: String { digest.value }
  /// The digest of their labels alone.
  package var labelsIdentity: String { digest.labelsValue }
  /// Storage types of the features, in order of appearance.
  package var types: [ScalarType] { scalars }

  /// A summary of the samples passed on, for a stream that was read to its end.
  package func summary(of source: StreamSummary) -> StreamSummary {
    var summary = source
    (summary.rows, summary.scalars) = (rows, scalars)
    (summary.digest, summary.labelsDigest) = (digest.value, digest.labelsValue)
    return summary
  }
}
