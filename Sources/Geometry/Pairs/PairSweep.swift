import CollapseKernels

/// One sweep over the K(K−1)/2 pairs of classes, for all statistics that depend nonlinearly on each pair.
///
/// Each tile of the upper triangle is computed, tallied for every pair statistic, and dropped. Tiles are merged in
/// order, so any number of threads gives the same bits.
///
/// - Complexity: O(K²·d) time; O(K·d + tiles) memory, and one tile per thread.
package struct PairSweep: Sendable {
  /// By statistic id.
  private(set) var tallies: [String: PairAccumulator]
  /// [K]; nil if not all pairs were visited.
  private(set) var neighbourhoods: [Neighbourhood]?
  /// CDNV over the pairs of which both classes have at least some level, by level from 1; empty without levels.
  private(set) var levels: [PairAccumulator] = []

  /// Classes along a side of a tile. Its products, and the panels they are made from, fit a core's second-level cache.
  /// Part of the algorithm: another size gives other last digits.
  package static let tile = 192

  /// - Parameters:
  ///   - levels: of each class, from 0 to ``mostLevels``; none if empty.
  ///   - tile: a multiple of eight.
  ///   - progress: receives the number of finished tiles and their total after each tile.
  ///   - checkCancellation: is called now and then on the caller's thread; an error it throws ends the sweep.
  package init(
    _ means: CentredMeans, levels: [Int] = [], tile: Int = tile, threads: Int = 1,
    progress: @Sendable (_ done: Int, _ of: Int) -> Void = { _, _ in }, checkCancellation: () throws -> Void
  ) throws {
    let tiles = UpperTriangleTiles(means.classes, tile: tile)
    let panels = try ClassPanels(means, levels: levels, threads: threads)
    let scratch = PairTileScratchPool(tile: tile)
    let shifts = PairShifts(means).values
    var totals = Statistics.overPairs.map { _ in PairAccumulator() }
    var byLevel = Array(repeating: PairAccumulator(), count: levels.isEmpty ? 0 : Self.mostLevels)
    var neighbourhoods = Array(repeating: Neighbourhood(), count: means.classes)
    try OrderedTasks.run(tiles.count, threads: threads, checkCancellation: checkCancellation) { done in
      progress(done, tiles.count)
    } task: { number in
      let (rows, columns) = tiles[number]
      return scratch.with {
        PairTile(
          means, panels, rows: rows, columns: columns, Statistics.overPairs, levels: levels, shifts: shifts, scratch: $0
        )
      }
    } merge: { number, part in
      let (rows, columns) = tiles[number]
      for (index, accumulator) in part.tallies.enumerated() { totals[index].merge(accumulator) }
      for (level, accumulator) in part.levels.enumerated() { byLevel[level].merge(accumulator) }
      for (row, neighbourhood) in zip(rows, part.rows) { neighbourhoods[row].merge(neighbourhood) }
      for (row, neighbourhood) in zip(columns, part.columns) { neighbourhoods[row].merge(neighbourhood) }
    }
    self.init(totals, neighbourhoods)
    self.levels = byLevel
  }

  /// Levels beyond level 0.
  static let mostLevels = Int(COLLAPSE_PAIR_LEVELS)

  /// CDNV alone, from the sweep over more classes.
  init(cdnv: PairAccumulator) {
    (tallies, neighbourhoods) = ([ClassDistanceNormalizedVariance.entry.id: cdnv], nil)
  }

  private init(_ totals: [PairAccumulator], _ neighbourhoods: [Neighbourhood]?) {
    tallies = Dictionary(zip(Statistics.overPairs.map(\.id), totals)) { first, _ in first }
    self.neighbourhoods = neighbourhoods
  }

  /// Sweeps over pairs drawn at random with replacement, each equally likely; over all pairs if there is no sampling.
  ///
  /// Each batch of pairs is drawn from its own seed, so any number of threads gives the same bits.
  ///
  /// - Parameter levels: of each class; a sample has none.
  /// - Complexity: O(pairs·d) time.
  init(
    _ means: CentredMeans, levels: [Int] = [], sampling plan: PairSampling?, threads: Int = 1,
    progress: @Sendable (_ done: Int, _ of: Int) -> Void = { _, _ in }, checkCancellation: () throws -> Void
  ) throws {
    guard let plan else {
      try self.init(
        means, levels: levels, threads: threads, progress: progress, checkCancellation: checkCancellation)
      return
    }
    var totals = Statistics.overPairs.map { _ in PairAccumulator() }
    let batches = means.classes > 1 ? plan.batches : 0
    try OrderedTasks.run(batches, threads: threads, checkCancellation: checkCancellation) { done in
      progress(done, batches)
    } task: { number in
      let pairs = plan.pairs(ofBatch: number, of: means)
      return Statistics.overPairs.map { $0.accumulator(pairs) }
    } merge: { _, batch in
      for (index, accumulator) in batch.enumerated() { totals[index].add(batch: accumulator) }
    }
    self.init(totals, nil)
  }

  /// The number of steps that a sweep over some classes reports: tiles, or batches of drawn pairs.
  static func steps(classes: Int, sampling: PairSampling?) -> Int {
    guard let sampling else {
      let blocks = (classes + tile - 1) / tile
      return blocks * (blocks + 1) / 2
    }
    return classes > 1 ? sampling.batches : 0
  }
}
