import Embeddings
import Moments

/// What statistics are computed from: the class means, what varies within classes, the classifier, and what several
/// statistics share.
struct ClassGeometry: Sendable {
  let means: CentredMeans
  /// N, all accumulated samples.
  let samples: Int
  /// tr Σ_W, over all accumulated samples.
  let withinTrace: Double
  /// N·Σ_W, [d × d], where it was accumulated.
  let withinScatter: Matrix?
  /// w_c, [K × d], where there is one.
  let classifier: Matrix?
  /// ‖w_c‖, where there is a classifier.
  let classifierNorms: [Double]?
  /// K·Σ_B = Σ_c m_c m_cᵀ, [d × d].
  let betweenScatter: Matrix
  /// The sweep over pairs of classes.
  let pairs: PairSweep
  /// What was decided of unseen samples, where that was given.
  let decisions: Decisions?
  /// The tokens of the selected classes; nil where all classes are.
  let selectedTokens: Set<Int32>?
  /// Threads for what is left to compute.
  let threads: Int

  /// - Throws: ``GeometryError`` where classifier and selection do not fit, or numbers are too large to be squared twice.
  init(
    _ table: MomentsTable, _ selection: ClassSelection, classifier: Matrix?, decisions: Decisions?,
    options: GeometryOptions,
    progress: @Sendable (_ done: Int, _ of: Int) -> Void, checkpoint: () throws -> Void
  ) throws {
    means = try CentredMeans(table, selection, globalMean: options.globalMean)
    if let classifier { try selection.checkClassifier(classifier) }
    self.classifier = classifier
    classifierNorms = classifier?.rowNorms
    if let classifier, let classifierNorms {
      try selection.checkRange(classifierNorms, of: classifier, "classifier row")
    }
    samples = table.samples
    withinTrace = table.withinTrace
    withinScatter = table.withinScatter
    threads = options.threads
    self.decisions = decisions
    selectedTokens = selection.rows.count == table.classes ? nil : Set(selection.tokens)
    betweenScatter = Products.gram(means.centred, threads: threads)
    pairs = try PairSweep(
      means, Statistics.overPairs, threads: threads, progress: progress, checkpoint: checkpoint)
  }
}
