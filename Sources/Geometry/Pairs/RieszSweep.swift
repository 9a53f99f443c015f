import Foundation

extension LogMeanExp {
  /// The Riesz energy of order d − 2 of the directions of means, over all pairs or a sample of them; empty for d < 3.
  ///
  /// Tiles are merged in order, so any number of threads gives the same bits.
  ///
  /// - Complexity: O(K²·d) time; O(K·d + tiles) memory.
  init(
    rieszEnergyOf means: CentredMeans, sampling plan: PairSampling?, threads: Int,
    progress: @Sendable (_ done: Int, _ of: Int) -> Void = { _, _ in }, checkCancellation: () throws -> Void
  ) throws {
    self.init()
    let order = Double(means.dimension - 2)
    guard order > 0, means.classes > 1 else { return }
    var total = LogMeanExp()
    if let plan {
      try OrderedTasks.run(plan.batches, threads: threads, checkCancellation: checkCancellation) { done in
        progress(done, plan.batches)
      } task: { number in
        LogMeanExp(plan.pairs(ofBatch: number, of: means), order: order)
      } merge: {
        total.merge($1)
      }
    } else {
      let tiles = UpperTriangleTiles(means.classes, tile: PairSweep.tile)
      let panels = try ClassPanels(means, threads: threads)
      try OrderedTasks.run(tiles.count, threads: threads, checkCancellation: checkCancellation) { done in
        progress(done, tiles.count)
      } task: { number in
        let (rows, columns) = tiles[number]
        return LogMeanExp(means, panels, rows: rows, columns: columns, order: order)
      } merge: {
        total.merge($1)
      }
    }
    self = total
  }

  /// The pairs a < b of one tile.
  private init(
    _ means: CentredMeans, _ panels: ClassPanels, rows: Range<Int>, columns: Range<Int>, order: Double
  ) {
    let stride = ClassPanels.padded(columns.count)
    var pairs: [Pair] = []
    pairs.reserveCapacity(rows.count * columns.count)
    withUnsafeTemporaryAllocation(of: Double.self, capacity: ClassPanels.padded(rows.count) * stride) { product in
      guard let product = product.baseAddress else { return }
      panels.multiply(rows, columns, into: product)
      for a in rows {
        for b in max(columns.lowerBound, a + 1)..<max(columns.upperBound, a + 1) {
          let inner = product[(a - rows.lowerBound) * stride + b - columns.lowerBound]
          pairs.append(means.pair(a, b, inner: inner))
        }
      }
    }
    self.init(pairs, order: order)
  }

  private init(_ pairs: [Pair], order: Double) {
    // The chord of a class without a direction is NaN, and that of identical directions 0.
    self.init(pairs.filter { $0.chord > 0 }.map { -order * log($0.chord) })
  }
}
