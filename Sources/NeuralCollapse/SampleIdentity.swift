import Formats
import Samples

/// The identity of samples, as their digest in files is made. One task at a time uses it.
final class SampleIdentity {
  private var tally = PassedSamples()

  /// Notes samples that follow; those that a reader has summed up are not read again.
  func note(_ block: Block, _ read: SampleBlock.Tallies?) {
    tally.note(block, readFrom: read?.before, to: read?.after)
  }

  var rows: Int { tally.rows }
  var digest: String { tally.identity }
  /// Storage types of the features, in order of appearance.
  var types: [String] { tally.types.map(\.rawValue) }
}
