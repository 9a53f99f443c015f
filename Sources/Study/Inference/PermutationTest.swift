import Support
import Synchronization

/// Tests whether an R² as large as that of x and y comes about by chance: y is shuffled T times, and
/// p = (1 + #{R²_perm ≥ R²}) / (1 + T).
///
/// - Shuffle t (Fisher & Yates) takes numbers t·(n − 1) … of one sequence. So any number of threads draws the same
///   shuffles, as do all properties of a study with values for the same models.
/// - |r_perm| counts as reaching |r| if it falls short by less than ``tolerance``. Sums of the same products in another
///   order differ in their last digits, and ties are frequent if n is small.
struct PermutationTest: Sendable {
  /// In units of r: sums of products of directions round by less.
  static let tolerance = 64 * Double.ulpOfOne

  private static let shufflesPerPiece = 512

  let permutations: Int
  let seed: UInt64
  let threads: Int

  /// The p-value of two directions. Calls `checkCancellation` every second or so, and stops if it throws.
  func p(_ x: [Double], _ y: [Double], checkCancellation: () throws -> Void = {}) throws -> Double {
    var reached = 0
    for round in rounds(of: permutations, numbers: y.count) {
      try checkCancellation()
      reached += self.reached(x, y, in: round)
    }
    return Double(1 + reached) / Double(1 + permutations)
  }

  /// The number of shuffles in a round that reach |r|.
  private func reached(_ x: [Double], _ y: [Double], in round: Range<Int>) -> Int {
    let observed = abs(CentredDirection.product(x, y)) - Self.tolerance
    let reached = Atomic<Int>(0)
    let pieces = (round.count + Self.shufflesPerPiece - 1) / Self.shufflesPerPiece
    WorkerThreads(threads).run(pieces) { piece in
      let first = round.lowerBound + piece * Self.shufflesPerPiece
      var shuffled = y
      var count = 0
      for permutation in first..<min(first + Self.shufflesPerPiece, round.upperBound) {
        shuffled = y
        shuffle(&shuffled, permutation)
        if abs(CentredDirection.product(x, shuffled)) >= observed { count += 1 }
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
