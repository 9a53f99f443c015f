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
  ///   - decisions: what two deciders chose for unseen samples; one of them uses the means of this table.
  ///   - progress: receives the number of finished tiles and their total after each tile of the sweep. It may be called
  ///     on any thread, one call at a time.
  ///   - checkCancellation: is called now and then on the caller's thread; an error it throws ends the measurement.
  /// - Throws: ``GeometryError``, and any error from `checkCancellation`.
  /// - Complexity: O(K²·d) time, O(K·d + d²) memory.
  package init(
    of selection: ClassSelection, classifier: Matrix? = nil, decisions: Decisions? = nil,
    outOfDistribution: OutOfDistributionMean? = nil,
    options: GeometryOptions = GeometryOptions(),
    progress: @Sendable (_ done: Int, _ of: Int) -> Void = { _, _ in }, checkCancellation: () throws -> Void = {}
  ) throws {
    var geometry = try ClassGeometry(
      selection, classifier: classifier, decisions: decisions, outOfDistribution: outOfDistribution, options: options)
    geometry.pairs = try PairSweep(
      geometry.means, sampling: options.sampling, threads: options.threads, progress: progress,
      checkCancellation: checkCancellation)
    let measurements = try Statistics.all.flatMap { try $0.measure(geometry) }
    self.init(
      measurements: measurements, classes: ClassTable(geometry),
      histograms: HistogramTable(geometry.pairs?.tallies ?? [:]),
      remarks: Remark.remarks(on: measurements, of: geometry))
  }

  /// The number of steps that ``init(of:classifier:decisions:outOfDistribution:options:progress:checkCancellation:)`` reports.
  package static func steps(classes: Int, options: GeometryOptions) -> Int {
    PairSweep.steps(classes: classes, sampling: options.sampling)
  }

  /// Measures the statistics that need no sweep over pairs of classes. Their values are those of
  /// ``init(of:classifier:decisions:outOfDistribution:options:progress:checkCancellation:)``, but the deviation of
  /// interference is undefined if its closed form is not accurate.
  ///
  /// - Parameter checkCancellation: is called before each statistic; an error it throws ends the measurement.
  /// - Throws: ``GeometryError``, and any error from `checkCancellation`.
  /// - Complexity: O(K·d²) time, and memory of ``bytesWithoutPairs(dimension:within:)``.
  package static func withoutPairs(
    of table: MomentsTable, options: GeometryOptions = GeometryOptions(), checkCancellation: () throws -> Void = {}
  ) throws -> [Measurement] {
    let geometry = try ClassGeometry(ClassSelection(table), options: options)
    return try Statistics.all.flatMap { statistic in
      try checkCancellation()
      return try statistic.measure(geometry)
    }
  }

  /// The most bytes that ``withoutPairs(of:options:checkCancellation:)`` takes in addition to its table: per class, and fixed.
  ///
  /// Each class takes its centred mean and one more vector for centring again, and whitened means with the scatter. The
  /// fixed part is a few d×d matrices and the tiles of one.
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
