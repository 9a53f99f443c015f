import Embeddings

/// The moments of some classes, as rows: what states are written, read and merged by.
public struct ClassRows: Sendable {
  /// Token ids, ascending.
  public let tokens: [Int32]
  public let counts: [Int]
  public let m2: [Double]
  /// μ_c, [classes × d].
  public let means: Matrix
  /// What the rounding of each mean left over, [classes × d], where it is kept; see ``ClassMoments``.
  public let carry: Matrix?

  public init(tokens: [Int32], counts: [Int], m2: [Double], means: Matrix, carry: Matrix?) {
    precondition(counts.count == tokens.count && m2.count == tokens.count && means.rows == tokens.count)
    self.tokens = tokens
    self.counts = counts
    self.m2 = m2
    self.means = means
    self.carry = carry
  }

  func withMean<Result>(_ index: Int, _ body: (UnsafePointer<Double>, UnsafePointer<Double>?) -> Result) -> Result? {
    means.withUnsafeElements { means in
      guard let mean = means.baseAddress else { return nil }
      let place = index * self.means.columns
      guard let carry else { return body(mean + place, nil) }
      return carry.withUnsafeElements { carry in body(mean + place, carry.baseAddress.map { $0 + place }) }
    }
  }
}
