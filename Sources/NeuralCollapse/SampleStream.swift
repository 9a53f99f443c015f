import Formats
import Samples
import Storage
import Support

/// The samples of files, block by block: any file that `collapse` reads.
///
/// Formats are told by content: NPY arrays one after another (labels, perhaps predictions, features, batch by batch), plain or
/// in Zstandard frames; HDF5; safetensors; or features by position with tokens in files of their own (``TokenFiles``). Several
/// files are one stream, and blocks do not depend on where one ends.
///
/// ```swift
/// for try await block in try SampleStream("train-*.npy.zst") { try accumulator.fold(block) }
/// ```
///
/// - Reading happens on a thread of its own, one block ahead of the loop: memory is three blocks and what is decompressed
///   ahead, for any size of files. Nothing is read before the first iteration, and each iteration reads from the start.
/// - Leaving the loop or cancelling its task ends the reading.
/// - An iteration throws ``CollapseError``, which names the file and the place in it, or `CancellationError`.
public struct SampleStream: AsyncSequence, Sendable {
  public typealias Element = SampleBlock

  /// The files, patterns expanded, in order.
  public let files: [String]
  private let options: ReadOptions

  /// Names the files of a stream; see ``init(_:tokens:labels:features:predictions:rows:bfloat16Bits:nonfinite:threads:)``.
  public init(
    _ file: String, tokens: TokenFiles? = nil, labels: String? = nil, features: String? = nil,
    predictions: String? = nil, rows: Range<Int>? = nil, bfloat16Bits: Bool = false,
    nonfinite: NonfiniteRows = .refuse, threads: Int? = nil
  ) throws(CollapseError) {
    try self.init(
      [file], tokens: tokens, labels: labels, features: features, predictions: predictions, rows: rows,
      bfloat16Bits: bfloat16Bits, nonfinite: nonfinite, threads: threads)
  }

  /// Names the files of a stream and checks that they exist.
  ///
  /// - Parameters:
  ///   - files: paths, or patterns as in `data/train-*.npy`, whose files come in natural order (2 before 10); `-` is standard
  ///     input.
  ///   - tokens: where the tokens are, if the files hold features by position and no labels.
  ///   - labels: the name of the array of labels in HDF5 and safetensors files; by default `labels`, or the only 1-d integers.
  ///   - features: that of the features; by default `embeddings` or `features`, or the only 2-d floats.
  ///   - predictions: that of the model's predictions; by default `predictions`, if there is one.
  ///   - rows: the rows to read, counted over all files; by default all.
  ///   - bfloat16Bits: whether uint16 features are the bits of bfloat16.
  ///   - nonfinite: what to do with a row that holds a NaN or an infinity.
  ///   - threads: that decompress; by default as many as the process was given.
  /// - Throws: ``CollapseError`` of kind `missingFile`, `badFile` or `parameter`.
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
        advice: "leave it out for all rows")
    }
    options = ReadOptions(
      nonfinite: nonfinite == .skip ? .skip : .error, uint16IsBFloat16: bfloat16Bits,
      arrays: ArrayNames(labels: labels, features: features, predictions: predictions),
      alignment: try tokens?.alignment(),
      rows: rows, threads: threads ?? ResourceLimits.threads)
  }

  /// Begins to read from the start.
  public func makeAsyncIterator() -> Iterator { Iterator(reading: Reading(files, options)) }

  /// An iteration; see ``SampleStream``.
  public struct Iterator: AsyncIteratorProtocol {
    fileprivate let reading: Reading

    /// The next block, or nil at the end. Reading the one after it begins at once.
    public mutating func next(isolation actor: isolated (any Actor)?) async throws -> SampleBlock? {
      try await reading.next()
    }

    /// The same, of a caller without isolation.
    public mutating func next() async throws -> SampleBlock? { try await next(isolation: nil) }
  }
}

/// Reads one block ahead of the loop. One task at a time uses it.
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

/// The files being read, on a thread of its own.
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
    guard let block = try reader.next() else { return rest() }
    return pass(block)
  }

  /// Checks that no file was cut short while its rows were in use.
  func checkIntact() throws { try reader.checkIntact() }

  /// A block without samples, if rows were left out behind the last one.
  private func rest() -> SampleBlock? {
    guard reader.skipped > skipped, let form else { return nil }
    let empty = BlockBuilder(dimension: form.dimension, scalar: form.scalar, firstRow: 0).finish()
    return pass(empty)
  }

  private func pass(_ block: Block) -> SampleBlock {
    let after = reader.passed
    let passed = SampleBlock(
      inner: block, tallies: .init(before: before, after: after), skippedBefore: reader.skipped - skipped,
      isFinite: skips)
    (before, skipped, form) = (after, reader.skipped, (block.dimension, block.scalar))
    return passed
  }
}
