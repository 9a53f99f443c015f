import Artefacts
import Deciding
import Formats
import Geometry
import Moments
import Samples
import Support

/// Compares the choices of the classifier and of the nearest class mean on unseen samples (NC4).
///
/// For a sample h, the classifier chooses argmax_c ⟨w_c, h⟩ + b_c over all V token ids. Without a classifier, the
/// prediction given with the sample is its choice. The nearest class mean chooses argmin_c ‖h − μ_c‖ over the K classes
/// of the state. Ties go to the smaller token id.
///
/// - Choices are those of Float64 arithmetic, for any number of threads and any batch sizes.
/// - Memory: the state and the classifier, a single-precision copy of each, and one window of samples.
/// - Only one task at a time may use a decider. Calls block their thread and use `threads` threads.
/// - A batch or block with wrong counts, dimension or labels is rejected whole and changes nothing. After any other
///   error, such as a non-finite row, later calls throw that error again.
/// - Source: Papyan, Han & Donoho 2020; Wu & Papyan 2024.
public final class Decider {
  private let state: HeldState
  private let vocabulary: Int
  private let classifier: ClassifierIdentity?
  private let windows: SampleWindows
  private let identity = SampleIdentity()
  private var deciders: Deciders
  private var decisions = Geometry.Decisions()
  private var mayPrune = true

  /// Prepares to decide among the classes of a state. Reads a classifier that is in a file.
  ///
  /// - Parameters:
  ///   - state: the state with the class means.
  ///   - classifier: the output head. Without one, every sample needs a prediction.
  ///   - nonfinite: what to do with batch rows that contain a NaN or infinity. For blocks, the ``SampleStream``
  ///     decides.
  ///   - threads: number of threads; by default the CPUs available to the process.
  /// - Throws: ``CollapseError`` of kind `dimension`, `size`, `outOfRange`, `badFile` or `missingFile`.
  public init(
    _ state: CollapseState, classifier: Classifier? = nil, nonfinite: NonfiniteRows = .refuse, threads: Int? = nil
  ) throws(CollapseError) {
    let held = state.held
    let workers = WorkerThreads(threads ?? ResourceLimits.threads)
    let head: (deciders: Deciders, identity: ClassifierIdentity?) = try CollapseError.wrapping {
      let whole = try classifier?.whole(for: held)
      let deciders = try ErrorInFile.naming("classifier") {
        try Deciders(held.table, classifier: whole?.classifier, workers: workers)
      }
      return (deciders, whole?.identity)
    }
    (self.state, deciders, self.classifier) = (held, head.deciders, head.identity)
    (vocabulary, windows) = (classifier?.rows ?? held.provenance.vocabulary, SampleWindows(nonfinite))
  }

  /// Decides a batch of n samples.
  ///
  /// - Parameters:
  ///   - labels: n token ids from 0, the true classes of the samples. The state need not have these classes.
  ///   - features: [n × d], row-major.
  ///   - predictions: n token ids that the model predicted. Required without a classifier, ignored with one.
  /// - Throws: ``CollapseError`` of kind `size`, `dimension`, `label`, `nonfinite`, `outOfRange`, `finished`, or
  ///   `parameter` (no predictions). An error in a row may be thrown by a later call, or by ``finish()``.
  public func decide<Label: BinaryInteger & BitwiseCopyable, Element: FeatureElement>(
    labels: Span<Label>, features: Span<Element>, predictions: Span<Label>? = nil
  ) throws(CollapseError) {
    var chosen: [Int32]?
    if let predictions { chosen = try Batches.tokens(predictions, "predictions") }
    try decide(labels, features, Element.featureType, chosen)
  }

  /// Decides a batch given as arrays.
  public func decide<Label: BinaryInteger & BitwiseCopyable, Element: FeatureElement>(
    labels: [Label], features: [Element], predictions: [Label]? = nil
  ) throws(CollapseError) {
    var chosen: [Int32]?
    if let predictions { chosen = try Batches.tokens(predictions.span, "predictions") }
    try decide(labels.span, features.span, Element.featureType, chosen)
  }

  /// Decides a batch given as arrays, whose features are the bits of bfloat16 numbers.
  public func decide<Label: BinaryInteger & BitwiseCopyable>(
    labels: [Label], bfloat16 features: [UInt16], predictions: [Label]? = nil
  ) throws(CollapseError) {
    var chosen: [Int32]?
    if let predictions { chosen = try Batches.tokens(predictions.span, "predictions") }
    try decide(labels.span, features.span, .bfloat16, chosen)
  }

  /// Decides a block of a ``SampleStream``, with the predictions of its file if there is no classifier.
  ///
  /// - Throws: ``CollapseError`` as for a batch. It names the file and row.
  public func decide(_ block: SampleBlock) throws(CollapseError) {
    try windows.checkOpen()
    try Batches.check(block.dimension, fits: state.table.dimension)
    try windows.taking { try windows.append(block) { try take($0, $1) } }
  }

  /// Returns the decisions on all samples. Nothing can be decided afterwards.
  ///
  /// - Throws: ``CollapseError`` of kind `noSamples`, `nonfinite`, `outOfRange`, `parameter` or `finished`.
  public func finish() throws(CollapseError) -> Decisions {
    try windows.close("a decider") { try take($0) }
    guard identity.rows > 0 else {
      throw CollapseError(
        .noSamples, expected: "at least one sample", found: "none (\(windows.skipped) rows skipped)",
        advice: "decide samples first")
    }
    let made = Provenance(
      madeBy: "decide", vocabulary: vocabulary, skipped: windows.skipped, features: identity.types, parts: 1,
      samplesDigest: identity.digest)
    return Decisions(
      decisions,
      DecisionsProvenance(
        made, dimension: state.table.dimension, classes: state.table.classes, momentsChecksum: state.checksum,
        classifier: classifier))
  }

  private func decide<Label: BinaryInteger & BitwiseCopyable, Element: BitwiseCopyable>(
    _ labels: Span<Label>, _ features: Span<Element>, _ type: FeatureType, _ predictions: [Int32]?
  ) throws(CollapseError) {
    try windows.checkOpen()
    let dimension = try Batches.dimension(of: features.count, state.table.dimension, labels: labels.count)
    let tokens = try Batches.tokens(labels, "labels")
    if let predictions, predictions.count != tokens.count {
      throw CollapseError(
        .size, "predictions", expected: "\(tokens.count) predictions, one for each label",
        found: "\(predictions.count)",
        advice: "give one prediction for each sample, or none")
    }
    guard !tokens.isEmpty else { return }
    try windows.taking {
      try features.withUnsafeBufferPointer { features in
        guard let start = features.baseAddress else { return }
        let rows = BatchRows(
          labels: tokens, predictions: predictions, features: UnsafeRawPointer(start), dimension: dimension,
          scalar: type.scalar, firstRow: windows.rows)
        try windows.append(rows) { try take($0) }
      }
    }
  }

  private func take(_ block: Block, _ tallies: SampleBlock.Tallies? = nil) throws {
    if classifier == nil { try checkPredictions(block) }
    do {
      let choices = try deciders.decide(block)
      decisions.add(labels: block.labels, model: choices.model, nearest: choices.nearest)
      identity.note(block, tallies)
      if mayPrune, try deciders.prune(judgedBy: block, choices, decided: identity.rows) != nil { mayPrune = false }
    } catch let error as NonfiniteRow {
      throw EmbeddingReader.nonfinite(error.row, in: block)
    } catch GeometryError.rowTooLong(let row, let limit) {
      let origin = block.origin(ofRow: row)
      throw CollapseError(
        .outOfRange, origin.source, position: "row \(origin.row)", expected: "features with a norm below \(limit)",
        found: "a larger norm", advice: "check the features for overflow, or scale them towards 1")
    }
  }

  private func checkPredictions(_ block: Block) throws(CollapseError) {
    guard let row = block.predictions.map({ $0.firstIndex(of: Block.noPrediction) }) ?? 0 else { return }
    let origin = block.origin(ofRow: row)
    throw CollapseError(
      .parameter, origin.source, position: "row \(origin.row)", expected: "a prediction", found: "none",
      advice: "give a classifier, or a prediction for every sample")
  }
}
