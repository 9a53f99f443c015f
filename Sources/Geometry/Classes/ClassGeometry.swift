import Samples

/// The input of every statistic: the class means, the variation within classes, the classifier, and results that
/// several statistics share.
struct ClassGeometry: Sendable {
  let means: CentredMeans
  /// N, all accumulated samples.
  let samples: Int
  /// Whether some class of the state has two samples, so that Σ_W is known.
  let hasRepeatedClass: Bool
  /// tr Σ_W, over all accumulated samples.
  let withinTrace: Double
  /// N·Σ_W, [d × d], if it was accumulated.
  let withinScatter: Matrix?
  /// w_c, [K × d], if there is a classifier.
  let classifier: Matrix?
  /// ‖w_c‖, if there is a classifier.
  let classifierNorms: [Double]?
  /// Σ_c w_c w_cᵀ, [d × d], if there is a classifier.
  let classifierGram: Matrix?
  /// The rows w_c in place of class means, if there is a classifier.
  let head: CentredMeans?
  /// Whether their mean was subtracted from them.
  let isHeadCentred: Bool
  /// The source of μ_OOD, if there is an out-of-distribution stream.
  var outOfDistribution: OutOfDistributionMean?
  /// The sampling noise of the class means, or why it is not known.
  let noise: Result<SamplingNoise, SamplingNoise.Absence>
  /// K·Σ_B = Σ_c m_c m_cᵀ, [d × d].
  let betweenScatter: Matrix
  /// The sweep over pairs of classes, if there was one.
  var pairs: PairSweep?
  /// The sweep over pairs of uncentred means, if GNC2 is of these.
  var uncentredPairs: PairSweep?
  /// The sweep over pairs of the head's rows, if there is a classifier.
  var headPairs: PairSweep?
  /// The Riesz energy of order d − 2, if it was asked for.
  var rieszEnergy: LogMeanExp?
  /// The spectra, if they were asked for.
  var spectra: Spectra?
  /// Which means GNC2 is of.
  let gnc2Means: UniformityMeans
  /// The decisions on unseen samples, if they were given.
  var decisions: Decisions?
  /// The tokens of the selected classes; nil if all classes are selected.
  let selectedTokens: Set<Int32>?
  /// Whether the classes are selected by some condition.
  let isSelection: Bool
  /// The standard errors of traces and their quotients; nil without Σ_W or a correction for noise.
  private(set) var traceErrors: TraceErrors?
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
    (gnc2Means, isHeadCentred) = (options.gnc2Means, options.isHeadCentred)
    if let classifier, let classifierNorms {
      try selection.checkRange(classifierNorms, of: classifier, "classifier row")
    }
    head = try classifier.map { [means] in try CentredMeans(head: $0, of: means, centred: options.isHeadCentred) }
    classifierGram = try classifier.map { try MatrixProducts.gram($0, threads: options.threads) }
    if let outOfDistribution { try selection.check(outOfDistribution) }
    self.outOfDistribution = outOfDistribution
    let table = selection.table
    (samples, withinTrace, withinScatter) = (table.samples, table.withinTrace, table.withinScatter)
    hasRepeatedClass = table.counts.contains { $0 > 1 }
    threads = options.threads
    self.decisions = decisions
    selectedTokens = selection.rows.count == table.classes ? nil : Set(selection.tokens)
    isSelection = selection.isSelection
    noise = Result { [means] () throws(SamplingNoise.Absence) in
      try SamplingNoise(means, of: table, globalMean: options.globalMean)
    }
    betweenScatter = try MatrixProducts.gram(means.centred, threads: threads)
    if let withinScatter, case .success(let noise) = noise {
      traceErrors = try TraceErrors(self, noise, scatter: withinScatter, of: table)
    }
  }
}

extension ClassGeometry {
  /// Why nothing is known about Σ_W; nil if it is known.
  ///
  /// The variance of a class of one sample is 0 by definition. If every class has one, there is nothing to measure.
  var withinAbsence: SamplingNoise.Absence? { hasRepeatedClass ? nil : .noRepeatedClass }

  /// Why nothing is known about the variances of the measured classes; nil if one of them has two samples.
  var varianceAbsence: SamplingNoise.Absence? {
    means.counts.contains { $0 > 1 } ? nil : hasRepeatedClass ? .noMeasuredRepeat : .noRepeatedClass
  }

  /// The means whose directions a family of statistics compares.
  func means(of family: StatisticEntry.Family) -> CentredMeans {
    family == .gnc2 && gnc2Means == .uncentred ? means.uncentred : means
  }

  /// The sweep over their pairs.
  func pairs(of family: StatisticEntry.Family) -> PairSweep? {
    family == .gnc2 && gnc2Means == .uncentred ? uncentredPairs : pairs
  }
}
