/// One sweep over the K(K−1)/2 pairs of classes, for all statistics that a pair enters nonlinearly.
///
/// Each tile of the upper triangle is computed, tallied by every pair statistic, and dropped; tiles are merged in their
/// order, so the result has the same bits for any number of threads.
///
/// - Complexity: O(K²·d) time; O(K + tiles) memory beside the means, and a few tiles a thread.
struct PairSweep: Sendable {
  /// By id of the statistic.
  private(set) var tallies: [String: PairTally]
  /// [K].
  private(set) var neighbourhoods: [Neighbourhood]

  /// - Parameters:
  ///   - progress: is told after each tile how many of how many are done.
  ///   - checkpoint: is called now and then on the caller's thread; what it throws ends the sweep.
  init(
    _ means: CentredMeans, _ statistics: [any PairStatistic], tile: Int = TilePairs.standard, threads: Int = 1,
    progress: @Sendable (_ done: Int, _ of: Int) -> Void = { _, _ in }, checkpoint: () throws -> Void
  ) rethrows {
    let tiles = TilePairs(means.classes, tile: tile)
    var totals = statistics.map { _ in PairTally() }
    var neighbourhoods = Array(repeating: Neighbourhood(), count: means.classes)
    try InOrder.run(tiles.count, threads: threads, checkpoint: checkpoint) { done in
      progress(done, tiles.count)
    } task: { number in
      let (rows, columns) = tiles[number]
      return Part(PairTile(means, rows: rows, columns: columns), statistics)
    } merge: { number, part in
      let (rows, columns) = tiles[number]
      for (index, tally) in part.tallies.enumerated() { totals[index].merge(tally) }
      for (row, neighbourhood) in zip(rows, part.rows) { neighbourhoods[row].merge(neighbourhood) }
      for (row, neighbourhood) in zip(columns, part.columns) { neighbourhoods[row].merge(neighbourhood) }
    }
    self.tallies = Dictionary(zip(statistics.map(\.id), totals)) { first, _ in first }
    self.neighbourhoods = neighbourhoods
  }

  /// The same, to the end.
  init(
    _ means: CentredMeans, _ statistics: [any PairStatistic], tile: Int = TilePairs.standard, threads: Int = 1,
    progress: @Sendable (_ done: Int, _ of: Int) -> Void = { _, _ in }
  ) {
    self.init(means, statistics, tile: tile, threads: threads, progress: progress, checkpoint: {})
  }

  /// What one tile comes to.
  private struct Part: Sendable {
    let tallies: [PairTally]
    private(set) var rows: [Neighbourhood]
    private(set) var columns: [Neighbourhood]

    init(_ tile: PairTile, _ statistics: [any PairStatistic]) {
      tallies = statistics.map { $0.tally(tile.pairs) }
      rows = Array(repeating: Neighbourhood(), count: tile.rows.count)
      columns = Array(repeating: Neighbourhood(), count: tile.columns.count)
      let cdnv = ClassDistanceNormalizedVariance()
      tile.visit { a, b, pair in
        let value = cdnv.value(pair)
        rows[a - tile.rows.lowerBound].fold(pair, cdnv: value, other: b)
        columns[b - tile.columns.lowerBound].fold(pair, cdnv: value, other: a)
      }
    }
  }
}
