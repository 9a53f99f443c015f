/// The shape of a merge: a binary tree over states in their order, which depends on their number alone.
///
/// n states are split at the largest power of two below n, and so on in both halves: neighbours in pairs, pairs in fours,
/// and what is left over last. Any 2ᵏ states that begin at a multiple of 2ᵏ, and what is left at the end after such, are a
/// subtree of their own. Merging each of these apart, and then the results in their order, is the same tree.
///
/// - Source: the trees of RFC 6962, section 2.1.
package enum MergeTree {
  /// Where `count` leaves are split: how many of them the left half has.
  ///
  /// - Precondition: there are two at least.
  package static func split(_ count: Int) -> Int {
    precondition(count > 1)
    return 1 << (Int.bitWidth - 1 - (count - 1).leadingZeroBitCount)
  }

  /// Results that are held at once at most, when leaves come one after another and are joined as soon as may be.
  package static func mostHeld(_ count: Int) -> Int {
    count > 1 ? Int.bitWidth - (count - 1).leadingZeroBitCount + 1 : 1
  }

  /// Joins the leaves of a range that is not empty, from the left to the right.
  ///
  /// - Parameter join: is given what is on the left and on the right of the leaf whose number it is given: no two joins have
  ///   one number.
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
