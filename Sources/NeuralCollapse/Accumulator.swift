import Artefacts
import Formats
import Moments
import Samples
import Storage
import Support

/// Which within-class scatter to keep in addition to the second moment of each class.
public enum WithinScatter: String, Sendable, CaseIterable {
  /// None. The trace tr Σ_W is still known.
  case none
  /// Σ_W pooled over all classes, [d × d]. `nc1_pinv` and `nc1_svd` need it.
  case pooled
  /// The same with products in single precision: twice as fast, accurate to 10⁻⁶ of the largest entries.
  case pooledSingle = "pooled-single"

  var inner: Moments.WithinScatter {
    switch self {
    case .none: .none
    case .pooled: .pooled
    case .pooledSingle: .pooledSingle
    }
  }

  init(_ inner: Moments.WithinScatter) {
    self =
      switch inner {
      case .none: .none
      case .pooled: .pooled
      case .pooledSingle: .pooledSingle
      }
  }
}

/// Computes the count, mean and second moment of every token class from batches of samples.
///
/// A sample is a label (the next token id) and a feature vector h of `dimension` numbers. For each class c with n_c
/// samples this keeps n_c, the mean μ_c and M2_c = Σ‖h − μ_c‖². With `within` it also keeps the scatter
/// Σ_c Σ (h − μ_c)(h − μ_c)ᵀ, and with `moments` Σ(h − μ_c)² of each feature.
///
/// - All arithmetic is in Float64, by a blocked Welford step.
/// - Samples are folded in windows, whose size depends only on dimension and feature type. Batch sizes and the number
///   of threads therefore do not change the result: it is byte for byte that of `collapse accumulate`.
/// - Memory: K·d doubles for K classes (twice that for `Float` and `Double` features), K·d more with moments of
///   features, 4d² more with the scatter, and one window of at most 64 MiB. It does not grow with the number of samples.
/// - Only one task at a time may use an accumulator. Calls block their thread and use `threads` threads.
/// - A batch or block with wrong counts, dimension or labels is rejected whole and changes nothing. After any other
///   error, such as a non-finite row, later calls throw that error again.
public final class Accumulator {
  private let within: WithinScatter
  private let keptMoments: SecondMoments
  private let vocabulary: Int?
  private let memory: Int?
  private let scratch: String?
  private let workers: WorkerThreads
  private let windows: SampleWindows
  private let identity = SampleIdentity()
  private var moments: ClassMoments?
  /// d, as given to the initializer or taken from the first samples; nil before that.
  public private(set) var dimension: Int?

  /// Creates an empty accumulator.
  ///
  /// - Parameters:
  ///   - dimension: d, the number of features of a sample. By default the first samples set it.
  ///   - within: the within-class scatter to keep.
  ///   - moments: the second moments to keep of each class.
  ///   - vocabulary: V, the number of token ids. Labels must be below it. By default any token id is allowed.
  ///   - nonfinite: what to do with batch rows that contain a NaN or infinity. For blocks, the ``SampleStream``
  ///     decides.
  ///   - memory: limit in bytes on class means. The means of rare classes beyond it go to a scratch file, with the same
  ///     result. By default all stay in memory.
  ///   - scratch: the folder for the scratch file; by default `TMPDIR`, else `/tmp`.
  ///   - threads: number of threads; by default the CPUs available to the process (affinity, cgroup quota,
  ///     `SLURM_CPUS_PER_TASK`).
  /// - Throws: ``CollapseError`` of kind `dimension` or `parameter`.
  public init(
    dimension: Int? = nil, within: WithinScatter = .none, moments: SecondMoments = .trace, vocabulary: Int? = nil,
    nonfinite: NonfiniteRows = .refuse, memory: Int? = nil, scratch: String? = nil, threads: Int? = nil
  ) throws(CollapseError) {
    if let dimension, !(1...Block.maximumDimension).contains(dimension) { throw Batches.badDimension(dimension) }
    if let vocabulary, vocabulary < 1 {
      throw CollapseError(
        .parameter, "vocabulary", expected: "at least one token", found: "\(vocabulary)",
        advice: "give the number of token ids, or omit it")
    }
    (self.within, self.vocabulary, self.dimension) = (within, vocabulary, dimension)
    (self.keptMoments, self.memory, self.scratch) = (moments, memory, scratch)
    (windows, workers) = (SampleWindows(nonfinite), WorkerThreads(threads ?? ResourceLimits.threads))
  }

  /// Samples folded so far, without skipped rows. Rows still waiting in an incomplete window count.
  public var samples: Int { windows.rows - windows.skipped }
  /// Rows skipped so far for a NaN or infinite feature. Rows of a batch are checked when their window is full.
  public var skipped: Int { windows.skipped }

  /// Folds a batch of n samples.
  ///
  /// - Parameters:
  ///   - labels: n token ids from 0.
  ///   - features: [n × d], row-major: the d features of the first sample, then those of the second, and so on.
  /// - Throws: ``CollapseError`` of kind `size`, `dimension`, `label`, `nonfinite`, `finished`, `outOfMemory` or
  ///   `cannotWrite` (the scratch file). A non-finite row may be reported by a later call, or by ``finish()``.
  public func fold<Label: BinaryInteger & BitwiseCopyable, Element: FeatureElement>(
    labels: Span<Label>, features: Span<Element>
  ) throws(CollapseError) {
    try fold(labels, features, Element.featureType)
  }

  /// Folds a batch given as arrays. Features that fill a whole window are not copied.
  public func fold<Label: BinaryInteger & BitwiseCopyable, Element: FeatureElement>(
    labels: [Label], features: [Element]
  ) throws(CollapseError) {
    try fold(labels.span, features.span, Element.featureType)
  }

  /// Folds a batch whose features are the bits of bfloat16 numbers.
  public func fold<Label: BinaryInteger & BitwiseCopyable>(
    labels: Span<Label>, bfloat16 features: Span<UInt16>
  ) throws(CollapseError) {
    try fold(labels, features, .bfloat16)
  }

  /// Folds a batch given as arrays, whose features are the bits of bfloat16 numbers.
  public func fold<Label: BinaryInteger & BitwiseCopyable>(
    labels: [Label], bfloat16 features: [UInt16]
  ) throws(CollapseError) {
    try fold(labels.span, features.span, .bfloat16)
  }

  /// Folds a block of a ``SampleStream``. Its features are not copied, unless batches came before it.
  ///
  /// - Throws: ``CollapseError`` as for a batch. It names the file and row.
  public func fold(_ block: SampleBlock) throws(CollapseError) {
    try windows.checkOpen()
    try Batches.check(block.dimension, fits: dimension)
    if let vocabulary, let row = block.inner.labels.firstIndex(where: { $0 >= vocabulary }) {
      let origin = block.inner.origin(ofRow: row)
      throw CollapseError(
        .label, origin.source, position: "row \(origin.row)", expected: "a label below the vocabulary of \(vocabulary)",
        found: "\(block.inner.labels[row])", advice: "check the tokenizer that made the labels")
    }
    dimension = block.dimension
    try windows.taking { try windows.append(block) { try take($0, $1) } }
  }

  /// Ends the accumulation and returns the state of all samples. Nothing can be folded afterwards.
  ///
  /// The state is a copy of the moments. ``save(to:)`` writes them without a copy.
  ///
  /// - Throws: ``CollapseError`` of kind `noSamples`, `outOfRange` (moments beyond Float64) or `finished`, or as
  ///   folding does.
  public func finish() throws(CollapseError) -> CollapseState {
    let moments = try ended()
    return try CollapseError.wrapping { CollapseState(held: try HeldState(moments, provenance(moments))) }
  }

  /// Ends the accumulation and writes the state to a file atomically. Nothing can be folded afterwards.
  ///
  /// The file (HDF5) is replaced if it exists; its folder must exist. ``CollapseState/init(reading:)`` reads it.
  ///
  /// - Throws: ``CollapseError`` as ``finish()``, and of kind `cannotWrite`.
  public func save(to file: String) throws(CollapseError) {
    let moments = try ended()
    try CollapseError.wrapping { try moments.write(to: file, provenance(moments)) }
  }

  private func fold<Label: BinaryInteger & BitwiseCopyable, Element: BitwiseCopyable>(
    _ labels: Span<Label>, _ features: Span<Element>, _ type: FeatureType
  ) throws(CollapseError) {
    try windows.checkOpen()
    let width = try Batches.dimension(of: features.count, dimension, labels: labels.count)
    let tokens = try Batches.tokens(labels, "labels", below: vocabulary)
    guard !tokens.isEmpty else { return }
    dimension = width
    try windows.taking {
      try features.withUnsafeBufferPointer { features in
        guard let start = features.baseAddress else { return }
        let rows = BatchRows(
          labels: tokens, predictions: nil, features: UnsafeRawPointer(start), dimension: width, scalar: type.scalar,
          firstRow: windows.rows)
        try windows.append(rows) { try take($0) }
      }
    }
  }

  /// Folds a window and updates the digest of the samples, on two threads if there are two.
  private func take(_ block: Block, _ tallies: SampleBlock.Tallies? = nil) throws {
    let moments = try moments ?? makeMoments(block)
    self.moments = moments
    // Each piece of work changes only one of them.
    nonisolated(unsafe) let (fold, identity) = (moments, identity)
    let errors = WorkerThreads(min(workers.count, 2)).attempt(2) { piece in
      if piece == 0 { try fold.fold(block) } else { identity.note(block, tallies) }
    }
    switch errors.compactMap(\.self).first {
    case nil: return
    case let error as NonfiniteRow: throw EmbeddingReader.nonfinite(error.row, in: block)
    case let error?: throw error
    }
  }

  private func makeMoments(_ block: Block) throws -> ClassMoments {
    var limit: ResidentLimit?
    if let memory {
      let rows = keptMoments.inner.rowsPerClass(keepsLowParts: ClassMoments.keepsLowParts(of: block.scalar))
      let bytes = block.dimension * MemoryLayout<Double>.size * rows
      let least = ClassMoments.leastResident(dimension: block.dimension, within: within.inner)
      guard memory / bytes >= least else {
        throw CollapseError(
          .outOfMemory, "memory", expected: "at least \(ByteCount.describe(least * bytes)) for class means",
          found: ByteCount.describe(memory), advice: "give more, or omit it")
      }
      limit = ResidentLimit(rows: memory / bytes, folder: scratch ?? TemporaryFile.directory)
    }
    return ClassMoments(
      dimension: block.dimension, within: within.inner, moments: keptMoments.inner, workers: workers, limit: limit)
  }

  /// The moments of all samples. No more can be folded.
  private func ended() throws(CollapseError) -> ClassMoments {
    try windows.close("an accumulator") { try take($0) }
    guard let moments else {
      throw CollapseError(
        .noSamples, expected: "at least one sample", found: "none (\(skipped) rows skipped)",
        advice: "fold samples first")
    }
    return moments
  }

  private func provenance(_ moments: ClassMoments) -> Provenance {
    Provenance(
      madeBy: "accumulate", vocabulary: vocabulary ?? (moments.tokens.last.map { Int($0) + 1 } ?? 0),
      vocabularyWasGiven: vocabulary != nil, skipped: skipped, features: identity.types, parts: 1,
      samplesDigest: identity.digest, labelsDigest: identity.labelsDigest)
  }
}
