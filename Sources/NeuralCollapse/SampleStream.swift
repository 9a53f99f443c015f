import Formats
import Samples
import Storage
import Support

/// Reads the samples of one or more files, block by block: any file that `collapse` reads.
///
/// The content of a file shows its format:
///
/// - NPY arrays one after another, plain or compressed with Zstandard: labels, optionally predictions, and features,
///   then the next batch;
/// - HDF5 or safetensors files with arrays of labels and features;
/// - features without labels, with token ids in other files (``TokenFiles``).
///
/// Several files form one stream; a block may span two of them.
///
/// ```swift
/// for try await block in try SampleStream("train-*.npy.zst") { try accumulator.fold(block) }
/// ```
///
/// - A separate thread reads one block ahead of the loop. Memory holds three blocks and the data decompressed ahead,
///   whatever the size of the files.
/// - Reading starts when a loop starts, and every loop reads from the first row.
/// - Leaving the loop or cancelling its task stops the reading.
/// - A loop throws ``CollapseError``, which names the file and position, or `CancellationError`.
public struct SampleStream: AsyncSequence, Sendable {
  public typealias Element = SampleBlock

  /// The files in the order in which they are read, with patterns expanded.
  public let files: [String]
  private let options: ReadOptions

  /// Creates a stream of one file or pattern; see
  /// ``init(_:tokens:labels:features:predictions:rows:bfloat16Bits:nonfinite:threads:)``.
  public init(
    _ file: String, tokens: TokenFiles? = nil, labels: String? = nil, features: String? = nil,
    predictions: String? = nil, rows: Range<Int>? = nil, bfloat16Bits: Bool = false,
    nonfinite: NonfiniteRows = .refuse, threads: Int? = nil
  ) throws(CollapseError) {
    try self.init(
      [file], tokens: tokens, labels: labels, features: features, predictions: predictions, rows: rows,
      bfloat16Bits: bfloat16Bits, nonfinite: nonfinite, threads: threads)
  }

  /// Creates a stream of files and checks that they exist.
  ///
  /// - Parameters:
  ///   - files: paths, or patterns such as `data/train-*.npy`. The files of a pattern are read in natural order (2
  ///     before 10). `-` is standard input.
  ///   - tokens: the files of token ids, if the files contain features without labels.
  ///   - labels: name of the array of labels in HDF5 and safetensors files. By default `labels`, or the only 1-d
  ///     integer array.
  ///   - features: name of the array of features. By default `embeddings` or `features`, or the only 2-d float array.
  ///   - predictions: name of the array of the model's predictions. By default `predictions`, if it exists.
  ///   - rows: the rows to read, counted over all files; by default all.
  ///   - bfloat16Bits: whether uint16 features are the bits of bfloat16 numbers.
  ///   - nonfinite: what to do with rows that contain a NaN or infinity.
  ///   - threads: number of threads for decompression; by default the CPUs available to the process.
  /// - Throws: ``CollapseError`` of kind `missingFile`, `badFile` or `parameter`. Contents are checked in the loop.
  public init(
    _ files: [String], tokens: TokenFiles? = nil, labels: String? = nil, features: String? = nil,
    predictions: String? = nil, rows: Range<Int>? = nil, bfloat16Bits: Bool = false,
    nonfinite: NonfiniteRows = .refuse, threads: Int? = nil
  ) throws(CollapseError) {
    self.files = try CollapseError.wrapping { try InputFiles.expand(files) }
    if self.files.isEmpty {
      throw CollapseError(.parameter, "files", expected: "at least one file", found: "none", advice: "name a file")
    }
    if let rows, rows.lowerBound < 0 || rows.isEmpty {
      throw CollapseError(
        .parameter, "rows", expected: "at least one row, from 0 on", found: "\(rows)",
        advice: "omit it to read all rows")
    }
    options = ReadOptions(
      nonfinite: nonfinite == .skip ? .skip : .error, uint16IsBFloat16: bfloat16Bits,
      arrays: ArrayNames(labels: labels, features: features, predictions: predictions),
      alignment: try tokens?.alignment(),
      rows: rows, threads: threads ?? ResourceLimits.threads)
  }

  /// An iteration from the first row.
  public func makeAsyncIterator() -> Iterator { Iterator(reading: Reading(files, options)) }

  /// An iteration over the blocks of a ``SampleStream``.
  public struct Iterator: AsyncIteratorProtocol {
    fileprivate let reading: Reading

    /// The next block, or nil at the end. Starts to read the one after it.
    public mutating func next(isolation actor: isolated (any Actor)?) async throws -> SampleBlock? {
      try await reading.next()
    }

    /// The same for a caller without an actor.
    public mutating func next() async throws -> SampleBlock? { try await next(isolation: nil) }
  }
}

/// Reads one block ahead of the loop. Used by one task at a time.
private final class Reading {
  private let reader: FileReader
  private var ahead: Task<SampleBlock?, any Error>?
  private var hasEnded = false

  init(_ files: [String], _ options: ReadOptions) { reader = FileReader(files, options) }

  deinit { ahead?.cancel() }

  func next(isolation: isolated (any Actor)? = #isolation) async throws -> SampleBlock? {
    if hasEnded { return nil }
    do {
      try Task.checkCancellation()
      let task = ahead ?? read()
      ahead = nil
      let block = try await withTaskCancellationHandler {
        try await task.value
      } onCancel: {
        task.cancel()
      }
      if block == nil {
        hasEnded = true
        try await reader.checkIntact()
      } else {
        ahead = read()
      }
      return block
    } catch {
      hasEnded = true
      throw CollapseError.translated(error)
    }
  }

  private func read() -> Task<SampleBlock?, any Error> {
    let reader = reader
    return Task { try await reader.next() }
  }
}

/// The open files, read on a separate thread.
private actor FileReader {
  private let reader: EmbeddingReader
  private let skips: Bool
  private let executor = DedicatedExecutor("read")
  private var skipped = 0
  private var before: PassedSamples.Saved?
  private var form: (dimension: Int, scalar: ScalarType)?

  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  init(_ files: [String], _ options: ReadOptions) {
    var options = options
    options.leavesFinitenessToConsumers = true
    skips = options.nonfinite == .skip
    reader = EmbeddingReader(inputs: files, options: options)
  }

  func next() throws -> SampleBlock? {
    try Task.checkCancellation()
    before = before ?? reader.passed
    guard let block = try reader.next() else { return try rest() }
    return pass(block)
  }

  /// Throws if a file was truncated while its rows were in use.
  func checkIntact() throws { try reader.checkIntact() }

  /// A block without samples, if rows after the last block were skipped.
  private func rest() throws -> SampleBlock? {
    guard reader.skipped > skipped, let form else { return nil }
    let empty = try BlockBuilder(dimension: form.dimension, scalar: form.scalar, firstRow: 0).finish()
    return pass(empty)
  }

  private func pass(_ block: Block) -> SampleBlock {
    let after = reader.passed
    let passed = SampleBlock(
      inner: block, tallies: .init(before: before, after: after), skippedBefore: reader.skipped - skipped,
      isFinite: skips, choices: reader.newChoices())
    (before, skipped, form) = (after, reader.skipped, (block.dimension, block.scalar))
    return passed
  }
}
