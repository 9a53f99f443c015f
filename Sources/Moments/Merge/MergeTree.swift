/// The shape of a merge: a binary tree over states in order, determined by their number alone.
///
/// n states are split at the largest power of two below n, and each half likewise. Neighbours form pairs, pairs form
/// fours, and the remainder comes last. Any 2ᵏ states that start at a multiple of 2ᵏ form a subtree, and so does a
/// remainder at the end. Merging such groups separately, and then their results in order, gives the same tree.
///
/// - Source: the trees of RFC 6962, section 2.1.
package enum MergeTree {
  /// The number of leaves in the left half of `count` leaves.
  ///
  /// - Precondition: `count` ≥ 2.
  package static func split(_ count: Int) -> Int {
    precondition(count > 1)
    return 1 << (Int.bitWidth - 1 - (count - 1).leadingZeroBitCount)
  }

  /// The most results held at once if leaves arrive in order and are joined as soon as possible.
  package static func maximumHeld(_ count: Int) -> Int {
    count > 1 ? Int.bitWidth - (count - 1).leadingZeroBitCount + 1 : 1
  }

  /// Joins the leaves of a non-empty range, from left to right.
  ///
  /// - Parameter join: receives the left and right results and the number of the right one's first leaf, which is
  ///   unique to the join.
  package static func reduce<Result>(
    _ leaves: Range<Int>, leaf: (Int) throws -> Result, join: (Result, Result, _ at: Int) throws -> Result
  ) rethrows -> Result {
    guard leaves.count > 1 else { return try leaf(leaves.lowerBound) }
    let middle = leaves.lowerBound + split(leaves.count)
    let left = try reduce(leaves.lowerBound..<middle, leaf: leaf, join: join)
    let right = try reduce(middle..<leaves.upperBound, leaf: leaf, join: join)
    return try join(left, right, middle)
  }
}
