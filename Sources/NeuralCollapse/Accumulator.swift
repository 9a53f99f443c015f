import Artefacts
import Formats
import Moments
import Samples
import Storage
import Support

/// Which within-class scatter is kept beside each class's second moment.
public enum WithinScatter: String, Sendable, CaseIterable {
  /// None: tr Σ_W is known, Σ_W is not.
  case none
  /// Σ_W pooled over all classes, d × d; `nc1_pinv` and `nc1_svd` need it.
  case pooled
  /// The same, of products in single precision: twice as fast, good to 10⁻⁶ of the largest entries.
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

/// Count, mean and second moment of every token class, of samples that come batch by batch.
///
/// A sample is a label (the token id that follows) and a feature vector of `dimension` numbers. For each class c of n_c samples
/// h this keeps n_c, the mean μ_c and M2_c = Σ‖h − μ_c‖², and with `within` the scatter Σ_c Σ (h − μ_c)(h − μ_c)ᵀ.
///
/// - Everything is computed in Float64, by a blocked Welford step; features are widened exactly.
/// - Samples are taken in windows whose size depends on dimension and type alone. So the state has the bytes that
///   `collapse accumulate` writes for the same samples in the same order, for any batch sizes and any number of threads.
/// - Memory: K·d doubles for K classes (twice that for `Float` and `Double` features), 4d² more with the scatter, one window
///   of at most 64 MiB. The number of samples does not matter.
/// - One task at a time may use an accumulator. Calls block their thread and keep `threads` busy.
/// - After a call throws for a row that is not finite, the accumulator cannot be used any more. A batch that is refused for its
///   counts or labels changes nothing.
public final class Accumulator {
  private let within: WithinScatter
  private let vocabulary: Int?
  private let memory: Int?
  private let scratch: String?
  private let workers: WorkerThreads
  private let windows: SampleWindows
  private let identity = SampleIdentity()
  private var moments: ClassMoments?
  /// d: as given, or that of the first samples.
  public private(set) var dimension: Int?

  /// - Parameters:
  ///   - dimension: d, the features of a sample; by default that of the first samples.
  ///   - within: the within-class scatter to keep.
  ///   - vocabulary: V; a label must be below it. By default labels may be any token id from 0 on.
  ///   - nonfinite: what to do with a row of a batch that holds a NaN or an infinity. Blocks of a ``SampleStream`` follow
  ///     the rule of the stream.
  ///   - memory: bytes that class means may take; the means of rare classes that find no room go to a scratch file. By
  ///     default all of them stay in memory. The result has the same bytes.
  ///   - scratch: the folder for that file; by default `TMPDIR`, else `/tmp`.
  ///   - threads: by default as many as the process was given: CPU affinity, cgroup quota, `SLURM_CPUS_PER_TASK`.
  /// - Throws: ``CollapseError`` of kind `dimension` or `parameter`.
  public init(
    dimension: Int? = nil, within: WithinScatter = .none, vocabulary: Int? = nil, nonfinite: NonfiniteRows = .refuse,
    memory: Int? = nil, scratch: String? = nil, threads: Int? = nil
  ) throws(CollapseError) {
    if let dimension, !(1...Block.maximumDimension).contains(dimension) { throw Batches.badDimension(dimension) }
    if let vocabulary, vocabulary < 1 {
      throw CollapseError(
        .parameter, "vocabulary", expected: "at least one token", found: "\(vocabulary)",
        advice: "give the number of token ids, or leave it out")
    }
    (self.within, self.vocabulary, self.dimension) = (within, vocabulary, dimension)
    (self.memory, self.scratch) = (memory, scratch)
    (windows, workers) = (SampleWindows(nonfinite), WorkerThreads(threads ?? ResourceLimits.threads))
  }

  /// Samples taken so far, those left out not counted. Rows that wait for their window to fill are counted.
  public var samples: Int { windows.rows - windows.skipped }
  /// Rows left out for a NaN or an infinite feature; of a batch, once their window is full.
  public var skipped: Int { windows.skipped }

  /// Folds a batch of n samples.
  ///
  /// - Parameters:
  ///   - labels: n token ids, none negative.
  ///   - features: [n × d], row-major: the d features of the first sample, then those of the second, and so on.
  /// - Throws: ``CollapseError`` of kind `size`, `dimension`, `label`, `nonfinite`, `finished`, `outOfMemory` or
  ///   `cannotWrite` (the scratch file). A row that is not finite may be found by a later call, or at the end.
  public func fold<Label: BinaryInteger & BitwiseCopyable, Element: FeatureElement>(
    labels: Span<Label>, features: Span<Element>
  ) throws(CollapseError) {
    try fold(labels, features, Element.featureType)
  }

  /// The same of arrays. They are not copied where they fill a window.
  public func fold<Label: BinaryInteger & BitwiseCopyable, Element: FeatureElement>(
    labels: [Label], features: [Element]
  ) throws(CollapseError) {
    try fold(labels.span, features.span, Element.featureType)
  }

  /// The same of features in bfloat16, given as their bits.
  public func fold<Label: BinaryInteger & BitwiseCopyable>(
    labels: Span<Label>, bfloat16 features: Span<UInt16>
  ) throws(CollapseError) {
    try fold(labels, features, .bfloat16)
  }

  /// The same of arrays of features in bfloat16, given as their bits.
  public func fold<Label: BinaryInteger & BitwiseCopyable>(
    labels: [Label], bfloat16 features: [UInt16]
  ) throws(CollapseError) {
    try fold(labels.span, features.span, .bfloat16)
  }

  /// Folds a block of a file. Its features are read where they lie: a whole stream gives the bytes of `collapse accumulate`.
  ///
  /// - Throws: ``CollapseError`` as for a batch; it names the file and the row.
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

  /// Ends the accumulation: the state of all samples. Nothing can be folded afterwards.
  ///
  /// The state holds a copy of the means; ``save(to:)`` makes none.
  ///
  /// - Throws: ``CollapseError`` of kind `noSamples`, `nonfinite`, `outOfRange` (moments beyond Float64) or `finished`.
  public func finish() throws(CollapseError) -> CollapseState {
    let moments = try ended()
    return try CollapseError.wrapping { CollapseState(held: try HeldState(moments, provenance(moments))) }
  }

  /// Ends the accumulation and writes the state to a file, whole or not at all. Nothing can be folded afterwards.
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

  /// Folds a window, and sums its samples up beside that.
  private func take(_ block: Block, _ tallies: SampleBlock.Tallies? = nil) throws {
    let moments = try moments ?? makeMoments(block)
    self.moments = moments
    // Each piece changes one of them.
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
      let bytes = block.dimension * MemoryLayout<Double>.size * (ClassMoments.keepsLowParts(of: block.scalar) ? 2 : 1)
      let least = ClassMoments.leastResident(dimension: block.dimension, within: within.inner)
      guard memory / bytes >= least else {
        throw CollapseError(
          .outOfMemory, "memory", expected: "at least \(ByteCount.describe(least * bytes)) for class means",
          found: ByteCount.describe(memory), advice: "give more, or leave it out")
      }
      limit = ResidentLimit(rows: memory / bytes, folder: scratch ?? TemporaryFile.directory)
    }
    return ClassMoments(dimension: block.dimension, within: within.inner, workers: workers, limit: limit)
  }

  /// All moments, once nothing more comes.
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
      samplesDigest: identity.digest)
  }
}
