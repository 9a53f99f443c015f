import Storage
import Support

/// Where in a stream a block ends, and all that reading has found until there, so that a later reader can go on behind it.
///
/// Blocks depend on the stream alone, so the blocks that follow are the same for whoever goes on, with any number of threads.
public struct StreamPosition: Sendable, Equatable, Codable {
  /// Rows of the stream so far, those left out included.
  public let rows: Int
  /// Samples passed on so far.
  public var samples: Int { summary.rows }
  /// Number of the input that comes next: the one being read, or the one after the last.
  let input: Int
  /// Bytes taken of the inputs before it.
  let closedBytes: Int
  /// The batch being read, where one is.
  let batch: BatchPosition?
  let dimension: Int?
  /// The input that had the first batch, which says what dimension is right.
  let dimensionSource: String?
  let summary: StreamSummary
  let digest: SampleDigest.Saved

  /// Where a batch stands in its input, and how much of it was read.
  struct BatchPosition: Sendable, Equatable, Codable {
    let mark: ByteMark
    /// Content of the input before the batch.
    let offset: Int
    /// Rows of the input before the batch.
    let firstRow: Int
    let done: Int
  }

  /// Whether this process can go on from here: the sum of the samples is one of the same release of its library.
  public var canBeResumed: Bool { SampleDigest(resuming: digest) != nil }

  /// Whether the samples up to here are those up to another position: their sums say so, not the states of these, which
  /// depend on the pieces that the samples came in.
  public func hasSamples(of other: StreamPosition) -> Bool {
    rows == other.rows && summary.scalars == other.summary.scalars
      && SampleDigest(resuming: digest)?.value == SampleDigest(resuming: other.digest)?.value
  }

  /// The error that a stream does not begin with the samples up to here.
  ///
  /// - Parameter rows: that it had, or as many as were compared.
  public func mismatch(after rows: Int) -> StreamError {
    StreamError(
      .unreadable,
      Diagnosis(
        file: dimensionSource, position: "the first \(self.rows) rows", expected: "the samples of the interrupted run",
        found: rows < self.rows ? "only \(rows) rows" : "others",
        advice: "give the same stream again, or start over with --restart"))
  }

  /// What the rows look like.
  public var shape: StreamShape? {
    guard let dimension, let scalar = summary.scalars.first else { return nil }
    return StreamShape(dimension: dimension, scalar: scalar)
  }

  /// How many of the inputs were looked at: nothing is known of the others.
  public var inputsUsed: Int { batch == nil ? input : input + 1 }
}
