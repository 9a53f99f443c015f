import Support
import Synchronization

/// Tests whether an R² as large as that of x and y comes about by chance: y is shuffled T times, and
/// p = (1 + #{R²_perm ≥ R²}) / (1 + T).
///
/// - Shuffle t (Fisher & Yates) takes numbers t·(n − 1) … of one sequence. So any number of threads draws the same
///   shuffles, as do all properties of a study with values for the same models.
/// - |r_perm| counts as reaching |r| if it falls short by less than ``tolerance``. Sums of the same products in another
///   order differ in their last digits, and ties are frequent if n is small.
/// - With weights, only y is shuffled: the weights stay with x, whose errors they come from. The R² of a shuffle is
///   weighted too.
struct PermutationTest: Sendable {
  /// In units of r: sums of products of directions round by less.
  static let tolerance = 64 * Double.ulpOfOne

  private static let shufflesPerPiece = 512

  let permutations: Int
  let seed: UInt64
  let threads: Int

  /// The p-value of two directions. Calls `checkCancellation` every second or so, and stops if it throws.
  ///
  /// - Parameter weights: those of x, if there are any. Then y is plain numbers, not weighted.
  func p(
    _ x: [Double], _ y: [Double], weights: RowWeights? = nil, checkCancellation: () throws -> Void = {}
  ) throws -> Double {
    let product = weights.map { WeightedProduct(x, $0) }
    var reached = 0
    for round in rounds(of: permutations, numbers: y.count) {
      try checkCancellation()
      reached += self.reached(y, in: round) { product?.correlation($0) ?? CentredDirection.product(x, $0) }
    }
    return Double(1 + reached) / Double(1 + permutations)
  }

  /// The number of shuffles in a round that reach |r|.
  private func reached(_ y: [Double], in round: Range<Int>, r: @Sendable ([Double]) -> Double) -> Int {
    let observed = abs(r(y)) - Self.tolerance
    let reached = Atomic<Int>(0)
    let pieces = (round.count + Self.shufflesPerPiece - 1) / Self.shufflesPerPiece
    WorkerThreads(threads).run(pieces) { piece in
      let first = round.lowerBound + piece * Self.shufflesPerPiece
      var shuffled = y
      var count = 0
      for permutation in first..<min(first + Self.shufflesPerPiece, round.upperBound) {
        shuffled = y
        shuffle(&shuffled, permutation)
        if abs(r(shuffled)) >= observed { count += 1 }
      }
      reached.add(count, ordering: .relaxed)
    }
    return reached.load(ordering: .relaxed)
  }

  /// Puts numbers in the order of one permutation.
  func shuffle(_ values: inout [Double], _ permutation: Int) {
    guard values.count > 1 else { return }
    var random = SplitMix64(seed: seed, skipping: permutation &* (values.count - 1))
    for last in stride(from: values.count - 1, to: 0, by: -1) { values.swapAt(last, random.below(last + 1)) }
  }
}

/// The weighted correlation of one x with many y.
private struct WeightedProduct: Sendable {
  /// √w times the direction of x, whose sum is 0; and w.
  private let (x, weights): ([Double], [Double])

  init(_ x: [Double], _ weights: RowWeights) {
    self.x = zip(x, weights.roots).map { $0 * $1 }
    self.weights = weights.roots.map { $0 * $0 }
  }

  /// 0 if the weighted y do not vary.
  func correlation(_ y: [Double]) -> Double {
    var (along, mean, square) = (0.0, 0.0, 0.0)
    for index in y.indices {
      along += x[index] * y[index]
      mean += weights[index] * y[index]
    }
    for index in y.indices { square += weights[index] * (y[index] - mean) * (y[index] - mean) }
    return square > 0 ? min(max(along / square.squareRoot(), -1), 1) : 0
  }
}
