import Moments
import Samples

extension Measures {
  /// Measures all statistics of the selected classes, and makes a table of the classes.
  ///
  /// ```swift
  /// let selection = try ClassSelection(table, filter)
  /// try selection.checkHead(rows: head.rows, columns: head.columns)
  /// let classifier = head.selecting(selection.tokens.map(Int.init))
  /// let measures = try Measures(of: selection, classifier: classifier, options: options)
  /// print(measures.json.text, terminator: "")
  /// ```
  ///
  /// Any number of threads gives the same bits. Statistics whose ``Requirement`` is not met are absent.
  ///
  /// The call blocks for the whole sweep over pairs and keeps `options.threads` threads busy. Do not make it on a
  /// thread of Swift's cooperative pool.
  ///
  /// - Parameters:
  ///   - classifier: w_c, [K × d], one row for each class of the selection.
  ///   - wholeHead: Σ w wᵀ over all V rows of the output head, for its spectrum.
  ///   - decisions: what two deciders chose for unseen samples; one of them uses the means of this table.
  ///   - inputParts: the last two without each of their parts, for the errors of NC4 and NC5.
  ///   - minCounts: numbers of samples, for which the classes that have so many are measured too.
  ///   - spreads: of all classes of the selection's table, for the table of classes.
  ///   - progress: receives the number of finished tiles and their total after each tile of the sweep. It may be called
  ///     on any thread, one call at a time.
  ///   - checkCancellation: is called now and then on the caller's thread; an error it throws ends the measurement.
  /// - Throws: ``GeometryError``, and any error from `checkCancellation`.
  /// - Complexity: O(K²·d) time, O(K·d + d²) memory.
  package init(
    of selection: ClassSelection, classifier: Matrix? = nil, wholeHead: Matrix? = nil, decisions: Decisions? = nil,
    outOfDistribution: OutOfDistributionMean? = nil, inputParts: InputParts = InputParts(),
    minCounts: [Int] = [], spreads: FeatureSpreads? = nil, options: GeometryOptions = GeometryOptions(),
    progress: @Sendable (_ done: Int, _ of: Int) -> Void = { _, _ in }, checkCancellation: () throws -> Void = {}
  ) throws {
    let plan = minCounts.isEmpty ? nil : MinCountPlan(selection, minCounts)
    var geometry = try ClassGeometry(
      selection, classifier: classifier, decisions: decisions, outOfDistribution: outOfDistribution, options: options)
    let measurements = try Self.measure(
      &geometry, selection, wholeHead: wholeHead, inputParts, levels: plan?.levels ?? [], options, progress,
      checkCancellation)
    self.init(
      measurements: measurements, classes: ClassTable(geometry, spread: spreads?.columns(selection.rows) ?? []),
      histograms: HistogramTable(geometry),
      spectra: geometry.spectra?.all ?? [], remarks: Remark.remarks(on: measurements, of: geometry))
    guard let plan else { return }
    let (cdnv, inputs) = (geometry.pairs?.levels ?? [], MinCountMeasures.Inputs(geometry, inputParts, options))
    // Frees the centred means of all classes.
    _ = consume geometry
    byMinCount = try MinCountMeasures(
      plan, whole: measurements, cdnv: cdnv, inputs, checkCancellation: checkCancellation)
  }

  /// The measurements alone, without a table of classes and histograms.
  package static func numbers(
    of selection: ClassSelection, classifier: Matrix? = nil, wholeHead: Matrix? = nil, decisions: Decisions? = nil,
    outOfDistribution: OutOfDistributionMean? = nil, inputParts: InputParts = InputParts(),
    options: GeometryOptions = GeometryOptions(),
    progress: @Sendable (_ done: Int, _ of: Int) -> Void = { _, _ in }, checkCancellation: () throws -> Void = {}
  ) throws -> [Measurement] {
    try remarked(
      of: selection, classifier: classifier, wholeHead: wholeHead, decisions: decisions,
      outOfDistribution: outOfDistribution, inputParts: inputParts, options: options, progress: progress,
      checkCancellation: checkCancellation
    ).measurements
  }

  /// The same, with remarks on them.
  static func remarked(
    of selection: ClassSelection, classifier: Matrix?, wholeHead: Matrix? = nil, decisions: Decisions?,
    outOfDistribution: OutOfDistributionMean?, inputParts: InputParts, options: GeometryOptions,
    progress: @Sendable (_ done: Int, _ of: Int) -> Void, checkCancellation: () throws -> Void
  ) throws -> (measurements: [Measurement], remarks: [Remark]) {
    var geometry = try ClassGeometry(
      selection, classifier: classifier, decisions: decisions, outOfDistribution: outOfDistribution, options: options)
    let measurements = try measure(
      &geometry, selection, wholeHead: wholeHead, inputParts, levels: [], options, progress, checkCancellation)
    return (measurements, Remark.remarks(on: measurements, of: geometry))
  }

  /// Sweeps over the pairs, which the geometry keeps, and measures every statistic.
  private static func measure(
    _ geometry: inout ClassGeometry, _ selection: ClassSelection, wholeHead: Matrix?, _ inputParts: InputParts,
    levels: [Int], _ options: GeometryOptions, _ progress: @Sendable (_ done: Int, _ of: Int) -> Void,
    _ checkCancellation: () throws -> Void
  ) throws -> [Measurement] {
    let (means, threads) = (geometry.means, options.threads)
    let each = PairSweep.steps(classes: means.classes, sampling: options.sampling)
    let hasClassifier = geometry.classifier != nil
    let all = steps(classes: means.classes, hasClassifier: hasClassifier, options: options)
    func sweep(_ means: CentredMeans, levels: [Int] = [], after sweeps: Int) throws -> PairSweep {
      try PairSweep(
        means, levels: levels, sampling: options.sampling, threads: threads,
        progress: { done, _ in progress(sweeps * each + done, all) }, checkCancellation: checkCancellation)
    }
    geometry.pairs = try sweep(means, levels: levels, after: 0)
    geometry.headPairs = try geometry.head.map { try sweep($0, after: 1) }
    let sweeps = hasClassifier ? 2 : 1
    if options.gnc2Means == .uncentred { geometry.uncentredPairs = try sweep(means.uncentred, after: sweeps) }
    if options.hasRieszEnergy {
      let before = (options.gnc2Means == .uncentred ? sweeps + 1 : sweeps) * each
      geometry.rieszEnergy = try LogMeanExp(
        rieszEnergyOf: geometry.means(of: .gnc2), sampling: options.sampling, threads: threads,
        progress: { done, _ in progress(before + done, all) }, checkCancellation: checkCancellation)
    }
    if options.hasSpectra {
      geometry.spectra = try Spectra(geometry, of: selection.table, wholeHead: hasClassifier ? wholeHead : nil)
    }
    let swept = geometry
    return try inputParts.errors(of: Statistics.all.flatMap { try $0.measure(swept) }, swept)
  }

  /// The number of steps that
  /// ``init(of:classifier:wholeHead:decisions:outOfDistribution:inputParts:minCounts:spreads:options:progress:checkCancellation:)`` reports:
  /// those of one sweep, for each sweep.
  package static func steps(classes: Int, hasClassifier: Bool = false, options: GeometryOptions) -> Int {
    let others = [hasClassifier, options.gnc2Means == .uncentred, options.hasRieszEnergy].count { $0 }
    return (1 + others) * PairSweep.steps(classes: classes, sampling: options.sampling)
  }

  /// Measures the statistics that need no sweep over pairs of classes. Their values are those of
  /// ``init(of:classifier:wholeHead:decisions:outOfDistribution:inputParts:minCounts:spreads:options:progress:checkCancellation:)``, but the deviation of
  /// interference is undefined if its closed form is not accurate.
  ///
  /// - Parameters:
  ///   - entries: the measurements that are wanted, if not all are. Others made with them are there too.
  ///   - checkCancellation: is called before each statistic; an error it throws ends the measurement.
  /// - Throws: ``GeometryError``, and any error from `checkCancellation`.
  /// - Complexity: O(K·d²) time, and memory of ``bytesWithoutPairs(dimension:within:)``.
  package static func withoutPairs(
    of table: MomentsTable, filter: ClassFilter = ClassFilter(), entries: [StatisticEntry]? = nil,
    options: GeometryOptions = GeometryOptions(), checkCancellation: () throws -> Void = {}
  ) throws -> [Measurement] {
    let geometry = try ClassGeometry(ClassSelection(table, filter), options: options)
    let wanted = Statistics.all.filter { statistic in
      entries.map { entries in type(of: statistic).entries.contains { entries.contains($0) } } ?? true
    }
    return try wanted.flatMap { statistic in
      try checkCancellation()
      return try statistic.measure(geometry)
    }
  }

  /// The most bytes that ``withoutPairs(of:filter:entries:options:checkCancellation:)`` takes in addition to its table, all classes selected: per
  /// class, and fixed.
  ///
  /// Each class takes its centred mean and one more vector for centring again, and whitened means with the scatter. The
  /// fixed part is a few d×d matrices and the tiles of one. ``TraceErrors`` takes less than the statistics after it: one
  /// matrix, its tiles and a chunk of scaled means; of each class, two numbers.
  package static func bytesWithoutPairs(dimension: Int, within: WithinScatter) -> (perClass: Int, fixed: Int) {
    let number = MemoryLayout<Double>.size
    let (rows, matrices) = within == .none ? (2, 3) : (4, 12)
    let chunk = InterferenceMoments.rowsAtOnce * dimension
    let blocks = (dimension + UpperTriangleTiles.standard - 1) / UpperTriangleTiles.standard
    let tiles =
      2 * min(OrderedTasks.wave, blocks * (blocks + 1) / 2) * UpperTriangleTiles.standard * UpperTriangleTiles.standard
    return (
      (rows * dimension + 32) * number, (matrices * dimension * dimension + chunk + tiles) * number
    )
  }
}
