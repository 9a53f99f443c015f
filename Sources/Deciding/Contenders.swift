/// For each row of a slice, the candidates that may still be its best. Their score, computed with some error, is within
/// twice that error of the best so far.
///
/// Each row keeps at most ``most`` candidates. If there are more, exact scores reduce those so far to one.
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
  /// A candidate with a lower score is no contender.
  private(set) var thresholds: [Float]

  /// - Parameter margins: the largest possible error of a score, for each row.
  init(margins: [Double]) {
    self.margins = margins
    counts = Array(repeating: 0, count: margins.count)
    best = Array(repeating: -.infinity, count: margins.count)
    thresholds = best
    storage = .allocate(capacity: margins.count * Self.most)
  }

  deinit { storage.deallocate() }

  /// Records that the best score for a row is at least `score`.
  mutating func raise(_ row: Int, to score: Float) {
    guard score > best[row] else { return }
    best[row] = score
    // Rounding up would make the threshold too high.
    thresholds[row] = Float(Double(score) - 2 * margins[row]).nextDown
  }

  /// Adds a candidate whose score is at least the threshold; candidates come in ascending order.
  ///
  /// - Parameter exact: returns a candidate's exact score for the row.
  mutating func add(_ candidate: Int, _ score: Float, to row: Int, exact: (Int) -> Double) {
    if counts[row] == Self.most {
      prune(row)
      if counts[row] > Self.most / 2 { decideExactly(row, exact) }
    }
    storage[row * Self.most + counts[row]] = Contender(candidate: Int32(candidate), score: score)
    counts[row] += 1
  }

  /// The row's best candidate, and whether exact scores had to decide.
  mutating func winner(_ row: Int, exact: (Int) -> Double) -> (candidate: Int32, wasClose: Bool) {
    prune(row)
    let isClose = counts[row] > 1
    if isClose { decideExactly(row, exact) }
    return (storage[row * Self.most].candidate, isClose)
  }

  /// Drops candidates below the threshold.
  private mutating func prune(_ row: Int) {
    let contenders = storage + row * Self.most
    var kept = 0
    for index in 0..<counts[row] where contenders[index].score >= thresholds[row] {
      contenders[kept] = contenders[index]
      kept += 1
    }
    // The best always stays, because errors are within the margins.
    counts[row] = max(kept, min(counts[row], 1))
  }

  /// Keeps only the candidate with the largest exact score; ties go to the first.
  private mutating func decideExactly(_ row: Int, _ exact: (Int) -> Double) {
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
