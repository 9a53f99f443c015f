import Artefacts
import Formats
import Geometry
import Moments
import Samples
import Support

/// What the classifier and the nearest class mean choose for samples that were not accumulated (NC4).
///
/// For a sample h, the classifier chooses argmax_c ⟨w_c, h⟩ + b_c over all V token ids; without one, the model's own prediction
/// that comes with the sample takes its place. The nearest class mean chooses argmin_c ‖h − μ_c‖ over the K classes of the
/// state. Of equal scores the smaller token id wins.
///
/// - Choices are those of Float64 arithmetic on the numbers as given, for any number of threads and any batch sizes.
/// - Memory: the state, the classifier, each once more in single precision, and one window of samples.
/// - One task at a time may use a decider. Calls block their thread and keep `threads` busy.
/// - After a call throws for a row that is not finite, the decider cannot be used any more.
/// - Source: Papyan, Han & Donoho 2020; Wu & Papyan 2024.
public final class Decider {
  private let state: HeldState
  private let vocabulary: Int
  private let classifierChecksum: String?
  private let windows: SampleWindows
  private let identity = SampleIdentity()
  private var deciders: Deciders
  private var decisions = Geometry.Decisions()
  private var mayPrune = true

  /// - Parameters:
  ///   - state: whose class means are chosen from.
  ///   - classifier: read here if it is in a file; without one, every sample needs a prediction.
  ///   - nonfinite: what to do with a row of a batch that holds a NaN or an infinity.
  ///   - threads: by default as many as the process was given.
  /// - Throws: ``CollapseError`` of kind `dimension`, `size`, `outOfRange`, `badFile` or `missingFile`.
  public init(
    _ state: CollapseState, classifier: Classifier? = nil, nonfinite: NonfiniteRows = .refuse, threads: Int? = nil
  ) throws(CollapseError) {
    let held = state.held
    let workers = WorkerThreads(threads ?? ResourceLimits.threads)
    let head: (deciders: Deciders, checksum: String?) = try CollapseError.wrapping {
      let whole = try classifier?.whole(for: held)
      let deciders = try ErrorInFile.naming("classifier") {
        try Deciders(held.table, classifier: whole?.classifier, workers: workers)
      }
      return (deciders, whole?.checksum)
    }
    (self.state, deciders, classifierChecksum) = (held, head.deciders, head.checksum)
    (vocabulary, windows) = (classifier?.rows ?? held.provenance.vocabulary, SampleWindows(nonfinite))
  }

  /// Decides a batch of n samples.
  ///
  /// - Parameters:
  ///   - labels: n token ids, none negative: the classes that the samples are of, whether the state has them or not.
  ///   - features: [n × d], row-major.
  ///   - predictions: n token ids that the model chose; needed without a classifier, not looked at with one.
  /// - Throws: ``CollapseError`` of kind `size`, `dimension`, `label`, `nonfinite`, `outOfRange` or `finished`. A row that is
  ///   not finite may be found by a later call, or at the end.
  public func decide<Label: BinaryInteger & BitwiseCopyable, Element: FeatureElement>(
    labels: Span<Label>, features: Span<Element>, predictions: Span<Label>? = nil
  ) throws(CollapseError) {
    var chosen: [Int32]?
    if let predictions { chosen = try Batches.tokens(predictions, "predictions") }
    try decide(labels, features, Element.featureType, chosen)
  }

  /// The same of arrays.
  public func decide<Label: BinaryInteger & BitwiseCopyable, Element: FeatureElement>(
    labels: [Label], features: [Element], predictions: [Label]? = nil
  ) throws(CollapseError) {
    var chosen: [Int32]?
    if let predictions { chosen = try Batches.tokens(predictions.span, "predictions") }
    try decide(labels.span, features.span, Element.featureType, chosen)
  }

  /// The same of features in bfloat16, given as their bits.
  public func decide<Label: BinaryInteger & BitwiseCopyable>(
    labels: [Label], bfloat16 features: [UInt16], predictions: [Label]? = nil
  ) throws(CollapseError) {
    var chosen: [Int32]?
    if let predictions { chosen = try Batches.tokens(predictions.span, "predictions") }
    try decide(labels.span, features.span, .bfloat16, chosen)
  }

  /// Decides a block of a file.
  ///
  /// - Throws: ``CollapseError`` as for a batch; it names the file and the row.
  public func decide(_ block: SampleBlock) throws(CollapseError) {
    try windows.checkOpen()
    try Batches.check(block.dimension, fits: state.table.dimension)
    try windows.taking { try windows.append(block) { try take($0, $1) } }
  }

  /// Ends the deciding: what became of all samples. Nothing can be decided afterwards.
  ///
  /// - Throws: ``CollapseError`` of kind `noSamples`, `nonfinite`, `outOfRange` or `finished`.
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
        classifierChecksum: classifierChecksum ?? DecisionsProvenance.predictions))
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
        advice: "give a prediction for each sample, or none at all")
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
    if classifierChecksum == nil { try checkPredictions(block) }
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
        .outOfRange, origin.source, position: "row \(origin.row)", expected: "features of a length below \(limit)",
        found: "a longer row", advice: "check the numbers for overflow, and scale them towards 1")
    }
  }

  private func checkPredictions(_ block: Block) throws(CollapseError) {
    guard let row = block.predictions.map({ $0.firstIndex(of: Block.noPrediction) }) ?? 0 else { return }
    let origin = block.origin(ofRow: row)
    throw CollapseError(
      .parameter, origin.source, position: "row \(origin.row)", expected: "a prediction of the model", found: "none",
      advice: "give a classifier, or a prediction with every sample")
  }
}
