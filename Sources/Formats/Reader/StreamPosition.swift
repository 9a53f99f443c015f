import Samples
import Storage

/// Where a block ends in a stream, and what reading has found up to there, so that a later reader can resume after it.
///
/// Blocks depend on the stream alone, so every reader that resumes gets the same blocks, with any number of threads.
package struct StreamPosition: Sendable, Equatable, Codable {
  /// Rows of the stream so far, including rows left out.
  package let rows: Int
  /// Samples passed on so far.
  package var samples: Int { summary.rows }
  /// Index of the next input: the one being read, or the one after the last.
  let input: Int
  /// Bytes read from the inputs before it.
  let closedBytes: Int
  /// The batch being read, if any.
  let batch: BatchPosition?
  let dimension: Int?
  /// The input with the first batch, which sets the dimension.
  let dimensionSource: String?
  let summary: StreamSummary
  let digest: SampleDigest.Saved

  /// Where a batch lies in its input, and how many of its rows were read.
  struct BatchPosition: Sendable, Equatable, Codable {
    let mark: ResumablePosition
    /// Content of the input before the batch, in bytes.
    let offset: Int
    /// Rows of the input before the batch.
    let firstRow: Int
    let done: Int
  }

  /// Whether this process can resume here: its checksum library must have the release that saved the state.
  package var canBeResumed: Bool { SampleDigest(resuming: digest) != nil }

  /// More than the rows and the bytes of any stream. Thousands of such numbers add up without overflow.
  package static let largest = 1 << 53

  /// Whether a stream can have this position. Anyone may have written it.
  package var isPossible: Bool {
    let places = batch.map { [$0.mark.frame, $0.mark.content, $0.offset, $0.firstRow, $0.done] } ?? []
    let counts =
      [rows, input, closedBytes, summary.rows, summary.skipped] + summary.sources.flatMap { [$0.bytes, $0.rows] }
    return (places + counts).allSatisfy { (0...Self.largest).contains($0) } && summary.rows <= rows
      && (1...Block.maximumDimension).contains(dimension ?? 1)
  }

  /// Whether the samples up to here equal those up to another position. Compares checksums, not their states, which
  /// depend on how the samples were split into pieces.
  package func hasSamples(of other: StreamPosition) -> Bool {
    rows == other.rows && summary.scalars == other.summary.scalars
      && SampleDigest(resuming: digest)?.value == SampleDigest(resuming: other.digest)?.value
  }

  /// The error for a stream that does not begin with the samples up to here.
  ///
  /// - Parameter rows: rows in the stream, or the number compared.
  package func mismatch(after rows: Int) -> StreamError {
    StreamError(
      .otherSamples, file: dimensionSource, position: "the first \(self.rows) rows",
      expected: "the samples of the interrupted run",
      found: rows < self.rows ? "only \(rows) rows" : "different samples",
      advice: "give the same stream again, or start over with --restart")
  }

  /// The shape of the rows.
  package var shape: StreamShape? {
    guard let dimension, let scalar = summary.scalars.first else { return nil }
    return StreamShape(dimension: dimension, scalar: scalar)
  }

  /// How many inputs have been opened; nothing is known about the others.
  package var inputsUsed: Int { batch == nil ? input : input + 1 }
}
