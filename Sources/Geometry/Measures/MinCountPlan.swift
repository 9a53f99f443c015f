/// Which thresholds of a selection are measured, and which classes each one leaves.
struct MinCountPlan {
  let selection: ClassSelection
  /// Ascending; none is below the min-count of the selection.
  let minCounts: [Int]
  /// n_c of the selected classes.
  let counts: [Int]

  init(_ selection: ClassSelection, _ minCounts: [Int]) {
    self.selection = selection
    self.minCounts = minCounts.filter { $0 >= selection.minCount }.sorted()
    counts = selection.rows.map { selection.table.counts[$0] }
  }

  /// The pairs that may be visited for thresholds alone: a fifth of all, or few.
  static func pairsToVisit(classes: Int) -> Double { max(0.2 * Double(classes) * Double(classes), 1024 * 1024) / 2 }

  /// The selected classes with at least so many samples.
  func classes(from minCount: Int) -> [Int] { counts.indices.filter { counts[$0] >= minCount } }

  /// The thresholds that leave classes out and leave at least two, as many as a sweep can tell apart.
  private var levelled: [Int] {
    Array(
      minCounts.filter { minCount in
        let left = counts.count { $0 >= minCount }
        return left > 1 && left < counts.count
      }.prefix(PairSweep.mostLevels))
  }

  /// For each class, the number of those thresholds that it meets; empty without thresholds.
  var levels: [Int] {
    let levelled = levelled
    return levelled.isEmpty ? [] : counts.map { count in levelled.count { $0 <= count } }
  }

  /// The level that the classes of a threshold have at least; nil for other thresholds.
  func level(of minCount: Int) -> Int? { levelled.firstIndex(of: minCount).map { $0 + 1 } }
}
