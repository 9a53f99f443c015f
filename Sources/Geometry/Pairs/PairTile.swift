import CollapseKernels

/// The results of the pairs a < b of one tile of the Gram matrix.
///
/// A kernel tallies regular pairs and computes every pair statistic in one visit. It leaves out pairs that cancel, have
/// no direction, or are not finite. Those are computed one by one from the difference of their means: see ``Pair``.
struct PairTile: Sendable {
  /// One per pair statistic, in their order.
  private(set) var tallies: [PairAccumulator]
  /// CDNV over the pairs of which both classes have at least some level, by level from 1; empty without levels.
  private(set) var levels: [PairAccumulator]
  /// [rows] and [columns].
  private(set) var rows: [Neighbourhood]
  private(set) var columns: [Neighbourhood]

  /// - Parameters:
  ///   - levels: of each class, as the panels have them.
  ///   - shifts: for each kernel slot a number near the statistic's values, from which deviations are taken.
  /// - Complexity: O(rows·columns·d) time.
  init(
    _ means: CentredMeans, _ panels: ClassPanels, rows: Range<Int>, columns: Range<Int>,
    _ statistics: [any PairStatistic], levels: [Int] = [], shifts: [Double], scratch: PairTileScratch
  ) {
    let isDiagonal = rows.lowerBound == columns.lowerBound
    let stride = ClassPanels.padded(columns.count)
    panels.multiply(rows, columns, into: scratch.product)
    let found = scratch.run(
      collapse_pair_tile(
        inner: scratch.product, stride: stride, is_diagonal: isDiagonal ? 1 : 0, rows: panels.classes(rows),
        columns: panels.classes(columns), simplex: means.simplexCosine),
      shifts: shifts)
    tallies = statistics.map { statistic in
      let slot = statistic.slot
      return PairAccumulator(
        RunningVariance(count: found.pairs, shift: shifts[slot], sum: found.sums[slot], squares: found.squares[slot]),
        counts: statistic.axis.bins == .ofCosines ? [] : scratch.counts(slot))
    }
    let shift = shifts[ClassDistanceNormalizedVariance().slot]
    self.levels =
      levels.isEmpty
      ? []
      : found.levels.map { level in
        PairAccumulator(
          RunningVariance(count: level.pairs, shift: shift, sum: level.sum, squares: level.square))
      }
    self.rows = found.rows.enumerated().map { row, neighbours in
      Neighbourhood(neighbours, pairs: isDiagonal ? columns.count - row - 1 : columns.count, first: columns.lowerBound)
    }
    self.columns = found.columns.enumerated().map { column, neighbours in
      Neighbourhood(neighbours, pairs: isDiagonal ? column : rows.count, first: rows.lowerBound)
    }
    guard !found.exceptions.isEmpty else { return }
    let exceptions = found.exceptions.map { exception in
      let (row, column) = (Int(exception) / columns.count, Int(exception) % columns.count)
      let (a, b) = (rows.lowerBound + row, columns.lowerBound + column)
      return (row, column, means.pair(a, b, inner: scratch.product[row * stride + column]))
    }
    for (row, column, pair) in exceptions {
      self.rows[row].replace(pair, other: columns.lowerBound + column)
      self.columns[column].replace(pair, other: rows.lowerBound + row)
    }
    let pairs = exceptions.map { $0.2 }
    for (index, statistic) in statistics.enumerated() { tallies[index].merge(statistic.accumulator(pairs)) }
    for level in self.levels.indices {
      let chosen = exceptions.filter { row, column, _ in
        min(levels[rows.lowerBound + row], levels[columns.lowerBound + column]) > level
      }
      self.levels[level].merge(PairAccumulator(chosen.map(\.2), ClassDistanceNormalizedVariance().value))
    }
  }
}
