import Samples

/// The number and identity of the samples that were passed on, in part or under other labels.
public struct PassedSamples {
  /// Samples passed on.
  public private(set) var rows = 0
  private var scalars: [ScalarType] = []
  private var digest = SampleDigest()

  public init() {}

  /// The state of an unfinished tally.
  public struct Saved: Sendable, Equatable, Codable {
    let rows: Int
    let scalars: [ScalarType]
    let digest: SampleDigest.Saved
  }

  /// The state to resume from with ``init(resuming:)``; nil if there was no memory for it.
  public var saved: Saved? { digest.saved.map { Saved(rows: rows, scalars: scalars, digest: $0) } }

  /// Continues from a saved state; nil if this library cannot.
  public init?(resuming saved: Saved) {
    guard let digest = SampleDigest(resuming: saved.digest) else { return nil }
    (rows, scalars, self.digest) = (saved.rows, saved.scalars, digest)
  }

  public mutating func note(_ block: Block) {
    rows += block.rows
    if !scalars.contains(block.scalar) { scalars.append(block.scalar) }
    digest.update(block)
  }

  /// A summary of the samples passed on, for a stream that was read to its end.
  public func summary(of source: StreamSummary) -> StreamSummary {
    var summary = source
    (summary.rows, summary.scalars, summary.digest) = (rows, scalars, digest.value)
    return summary
  }
}
