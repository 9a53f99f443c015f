import Samples

/// What of a stream was passed on to one who takes a part of its samples, or under other labels: how many, and their identity.
public struct SampleTally {
  /// Samples passed on.
  public private(set) var rows = 0
  private var scalars: [ScalarType] = []
  private var digest = SampleDigest()

  public init() {}

  /// A tally under way.
  public struct Saved: Sendable, Equatable, Codable {
    let rows: Int
    let scalars: [ScalarType]
    let digest: SampleDigest.Saved
  }

  /// To go on from with ``init(resuming:)``; nil where there was no memory for it.
  public var saved: Saved? { digest.saved.map { Saved(rows: rows, scalars: scalars, digest: $0) } }

  /// Goes on from what was saved; nil where this library cannot.
  public init?(resuming saved: Saved) {
    guard let digest = SampleDigest(resuming: saved.digest) else { return nil }
    (rows, scalars, self.digest) = (saved.rows, saved.scalars, digest)
  }

  public mutating func note(_ block: Block) {
    rows += block.rows
    if !scalars.contains(block.scalar) { scalars.append(block.scalar) }
    digest.update(block)
  }

  /// Notes a block that a reader has summed up, from `before` to `after`: features are read again only if other samples came
  /// before it here.
  package mutating func note(_ block: Block, readFrom before: Saved?, to after: Saved?) {
    if let before, let after, before.rows == rows, before.scalars == scalars,
      SampleDigest(resuming: before.digest)?.value == digest.value, let followed = SampleTally(resuming: after)
    {
      self = followed
    } else {
      note(block)
    }
  }

  /// Identity of the samples; see ``SampleDigest``.
  package var identity: String { digest.value }
  /// Storage types of the features, in order of appearance.
  package var types: [ScalarType] { scalars }

  /// What is to be said of the samples passed on, of a stream that was read to its end.
  public func summary(of source: StreamSummary) -> StreamSummary {
    var summary = source
    (summary.rows, summary.scalars, summary.digest) = (rows, scalars, digest.value)
    return summary
  }
}
