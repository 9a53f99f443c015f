import Moments
import Samples

extension Measures {
  /// All statistics of the selected classes, and a table of the classes themselves.
  ///
  /// ```swift
  /// let selection = try ClassSelection(table, filter)
  /// try selection.checkHead(rows: head.rows, columns: head.columns)
  /// let classifier = head.selecting(selection.tokens.map(Int.init))
  /// let measures = try Measures(of: selection, classifier: classifier, options: options)
  /// print(measures.json.text, terminator: "")
  /// ```
  ///
  /// The result has the same bits for any number of threads. What needs a ``Requirement`` that
  /// is not met is absent.
  ///
  /// The call takes as long as the sweep over pairs takes and keeps `options.threads` threads busy meanwhile: it does not
  /// belong on a thread of Swift's cooperative pool.
  ///
  /// - Parameters:
  ///   - classifier: w_c, [K × d], a row for each class of the selection.
  ///   - decisions: what two deciders chose for unseen samples, one of them by the means of this table.
  ///   - progress: is told after each tile of the sweep how many of how many are done; on any thread, one call at a time.
  ///   - checkpoint: is called now and then on the caller's thread; what it throws ends the measuring.
  /// - Throws: ``GeometryError``, and what `checkpoint` throws.
  /// - Complexity: O(K²·d) time, O(K·d + d²) memory.
  public init(
    of selection: ClassSelection, classifier: Matrix? = nil, decisions: Decisions? = nil,
    outOfDistribution: OutOfDistributionMean? = nil,
    options: GeometryOptions = GeometryOptions(),
    progress: @Sendable (_ done: Int, _ of: Int) -> Void = { _, _ in }, checkpoint: () throws -> Void = {}
  ) throws {
    var geometry = try ClassGeometry(
      selection, classifier: classifier, decisions: decisions, outOfDistribution: outOfDistribution, options: options)
    geometry.pairs = try PairSweep(
      geometry.means, sampling: options.sampling, threads: options.threads, progress: progress, checkpoint: checkpoint)
    let measurements = try Statistics.all.flatMap { try $0.measure(geometry) }
    self.init(
      measurements: measurements, classes: ClassTable(geometry),
      histograms: HistogramTable(geometry.pairs?.tallies ?? [:]),
      remarks: Remark.remarks(on: measurements, of: geometry))
  }

  /// Of how many steps ``init(of:classifier:decisions:outOfDistribution:options:progress:checkpoint:)`` tells `progress`.
  public static func steps(classes: Int, options: GeometryOptions) -> Int {
    PairSweep.steps(classes: classes, sampling: options.sampling)
  }

  /// The statistics that no pair of classes enters by itself, with the same values as ``init(of:classifier:decisions:outOfDistribution:options:progress:checkpoint:)``
  /// gives them. The deviation of interference is
  /// undefined where its closed form is not accurate.
  ///
  /// - Parameter checkpoint: is called before each statistic; what it throws ends the measuring.
  /// - Throws: ``GeometryError``, and what `checkpoint` throws.
  /// - Complexity: O(K·d²) time, and memory of ``bytesWithoutPairs(dimension:within:)``.
  public static func withoutPairs(
    of table: MomentsTable, options: GeometryOptions = GeometryOptions(), checkpoint: () throws -> Void = {}
  ) throws -> [Measurement] {
    let geometry = try ClassGeometry(ClassSelection(table), options: options)
    return try Statistics.all.flatMap { statistic in
      try checkpoint()
      return try statistic.measure(geometry)
    }
  }

  /// Bytes that ``withoutPairs(of:options:checkpoint:)`` takes at most beside its table: for each class, and at all.
  ///
  /// For each class these are the centred means, as many numbers again for what is centred once more, and with the
  /// scatter for whitened means; at all, some d×d matrices and the tiles of one.
  public static func bytesWithoutPairs(dimension: Int, within: WithinScatter) -> (perClass: Int, fixed: Int) {
    let number = MemoryLayout<Double>.size
    let (rows, matrices) = within == .none ? (2, 3) : (4, 12)
    let chunk = InterferenceMoments.rowsAtOnce * dimension
    let blocks = (dimension + TilePairs.standard - 1) / TilePairs.standard
    let tiles = 2 * min(InOrder.wave, blocks * (blocks + 1) / 2) * TilePairs.standard * TilePairs.standard
    return (
      (rows * dimension + 32) * number, (matrices * dimension * dimension + chunk + tiles) * number
    )
  }
}
