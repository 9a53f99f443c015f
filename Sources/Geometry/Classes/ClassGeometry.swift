import Samples

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
  /// What gives μ_OOD, where there is an out-of-distribution stream.
  let outOfDistribution: OutOfDistributionMean?
  /// K·Σ_B = Σ_c m_c m_cᵀ, [d × d].
  let betweenScatter: Matrix
  /// The sweep over pairs of classes, where there was one.
  var pairs: PairSweep?
  /// What was decided of unseen samples, where that was given.
  let decisions: Decisions?
  /// The tokens of the selected classes; nil where all classes are.
  let selectedTokens: Set<Int32>?
  /// Threads for what is left to compute.
  let threads: Int

  /// Without a sweep over pairs.
  ///
  /// - Throws: ``GeometryError`` where classifier and selection do not fit, or numbers are too large to be squared twice.
  init(
    _ selection: ClassSelection, classifier: Matrix? = nil, decisions: Decisions? = nil,
    outOfDistribution: OutOfDistributionMean? = nil, options: GeometryOptions
  ) throws {
    means = try CentredMeans(selection, globalMean: options.globalMean)
    if let classifier { try selection.checkClassifier(classifier) }
    self.classifier = classifier
    classifierNorms = classifier?.rowNorms
    if let classifier, let classifierNorms {
      try selection.checkRange(classifierNorms, of: classifier, "classifier row")
    }
    if let outOfDistribution { try selection.check(outOfDistribution) }
    self.outOfDistribution = outOfDistribution
    let table = selection.table
    (samples, withinTrace, withinScatter) = (table.samples, table.withinTrace, table.withinScatter)
    threads = options.threads
    self.decisions = decisions
    selectedTokens = selection.rows.count == table.classes ? nil : Set(selection.tokens)
    betweenScatter = Products.gram(means.centred, threads: threads)
  }
}
