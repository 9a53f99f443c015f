import Formats
import Samples

/// The digest of samples, as recorded in files. Used by one task at a time.
final class SampleIdentity {
  private var tally = PassedSamples()

  /// Adds samples. If `read` has the reader's digests around the block, its features are not read again.
  func note(_ block: Block, _ read: SampleBlock.Tallies?) {
    tally.note(block, readFrom: read?.before, to: read?.after)
  }

  var rows: Int { tally.rows }
  var digest: String { tally.identity }
  var labelsDigest: String { tally.labelsIdentity }
  /// Storage types of the features, in order of appearance.
  var types: [String] { tally.types.map(\.rawValue) }
}
