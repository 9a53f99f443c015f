import Samples

/// The input of every statistic: the class means, the variation within classes, the classifier, and results that
/// several statistics share.
struct ClassGeometry: Sendable {
  let means: CentredMeans
  /// N, all accumulated samples.
  let samples: Int
  /// tr Σ_W, over all accumulated samples.
  let withinTrace: Double
  /// N·Σ_W, [d × d], if it was accumulated.
  let withinScatter: Matrix?
  /// w_c, [K × d], if there is a classifier.
  let classifier: Matrix?
  /// ‖w_c‖, if there is a classifier.
  let classifierNorms: [Double]?
  /// The source of μ_OOD, if there is an out-of-distribution stream.
  let outOfDistribution: OutOfDistributionMean?
  /// K·Σ_B = Σ_c m_c m_cᵀ, [d × d].
  let betweenScatter: Matrix
  /// The sweep over pairs of classes, if there was one.
  var pairs: PairSweep?
  /// The decisions on unseen samples, if they were given.
  let decisions: Decisions?
  /// The tokens of the selected classes; nil if all classes are selected.
  let selectedTokens: Set<Int32>?
  /// Threads for the remaining computations.
  let threads: Int

  /// Prepares everything but the sweep over pairs.
  ///
  /// - Throws: ``GeometryError`` if classifier and selection do not fit, or a number is too large to be squared twice.
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
    betweenScatter = MatrixProducts.gram(means.centred, threads: threads)
  }
}
