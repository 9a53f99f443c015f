import Samples
import Support

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

  /// Refuses moments that left the range of Float64: features near 1e154 have squares beyond it.
  ///
  /// Throws ``MomentsError`` that names the first such class by token id.
  func checkFinite() throws {
    for index in tokens.indices {
      let isFinite = withMean(index) { mean, _ in
        ScalarType.float64.firstNonfinite(mean, count: means.columns) == nil
      }
      guard m2[index].isFinite, isFinite == true else {
        throw MomentsError(
          .overflow,
          Diagnosis(
            position: "class of token \(tokens[index])", expected: "moments within the range of Float64",
            found: "an overflow", advice: "scale the features down before accumulating them"))
      }
    }
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
