/// For each row of a slice the candidates that may still be its best: those whose score, computed with some error, is
/// within twice that error of the best so far.
///
/// Memory is ``most`` candidates a row: where there are more, the exact scores of those so far leave one.
struct Contenders: ~Copyable {
  private static let most = 32

  private struct Contender {
    let candidate: Int32
    let score: Float
  }

  private let storage: UnsafeMutablePointer<Contender>
  private var counts: [Int]
  private var best: [Float]
  private let margins: [Double]
  /// A score below it is that of no contender.
  private(set) var thresholds: [Float]

  /// - Parameter margins: for each row, how far a score may be off.
  init(margins: [Double]) {
    self.margins = margins
    counts = Array(repeating: 0, count: margins.count)
    best = Array(repeating: -.infinity, count: margins.count)
    thresholds = best
    storage = .allocate(capacity: margins.count * Self.most)
  }

  deinit { storage.deallocate() }

  /// Says that the best score for a row is at least `score`.
  mutating func raise(_ row: Int, to score: Float) {
    guard score > best[row] else { return }
    best[row] = score
    // Rounding up would be too much by half a digit.
    thresholds[row] = Float(Double(score) - 2 * margins[row]).nextDown
  }

  /// Adds a candidate whose score is at least the threshold; candidates come in ascending order.
  ///
  /// - Parameter exact: a candidate's exact score for the row.
  mutating func add(_ candidate: Int, _ score: Float, to row: Int, exact: (Int) -> Double) {
    if counts[row] == Self.most {
      prune(row)
      if counts[row] > Self.most / 2 { settle(row, exact) }
    }
    storage[row * Self.most + counts[row]] = Contender(candidate: Int32(candidate), score: score)
    counts[row] += 1
  }

  /// The row's best, and whether exact scores had to tell.
  mutating func winner(_ row: Int, exact: (Int) -> Double) -> (candidate: Int32, wasClose: Bool) {
    prune(row)
    let isClose = counts[row] > 1
    if isClose { settle(row, exact) }
    return (storage[row * Self.most].candidate, isClose)
  }

  /// Drops candidates that the best has left behind.
  private mutating func prune(_ row: Int) {
    let contenders = storage + row * Self.most
    var kept = 0
    for index in 0..<counts[row] where contenders[index].score >= thresholds[row] {
      contenders[kept] = contenders[index]
      kept += 1
    }
    // The best is always left, as errors are within the margins.
    counts[row] = max(kept, min(counts[row], 1))
  }

  /// Leaves the candidate with the largest exact score, of equals the first.
  private mutating func settle(_ row: Int, _ exact: (Int) -> Double) {
    let contenders = storage + row * Self.most
    var (winner, largest) = (0, -Double.infinity)
    for index in 0..<counts[row] {
      let score = exact(Int(contenders[index].candidate))
      if score > largest { (winner, largest) = (index, score) }
    }
    contenders[0] = contenders[winner]
    counts[row] = 1
  }
}
