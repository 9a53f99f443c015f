import Foundation

/// How two lists of numbers correlate: Pearson's r, Spearman's ρ, R² = r², and the least-squares line
/// y = intercept + slope · x.
///
/// - Undefined for fewer than three pairs, or if all numbers of a list are equal.
/// - With weights, all of these are weighted: means, r, the correlation of the ranks, and the squares of the line.
/// - r is computed from deviations from the mean, scaled to length one, so it does not depend on the units of x and y.
/// - Source: Pearson 1895; Spearman 1904, with average ranks for ties.
package struct Correlation: Sendable, Equatable {
  let pearson: Double
  let spearman: Double
  let slope: Double
  let intercept: Double

  package var r2: Double { pearson * pearson }

  package init?(_ x: [Double], _ y: [Double]) { self.init(x, y, weights: nil) }

  init?(_ x: [Double], _ y: [Double], weights: RowWeights?) {
    guard x.count >= 3, let a = CentredDirection(x, weights: weights), let b = CentredDirection(y, weights: weights),
      let ranksOfX = CentredDirection(Ranks.of(x), weights: weights),
      let ranksOfY = CentredDirection(Ranks.of(y), weights: weights)
    else { return nil }
    pearson = CentredDirection.product(a.unit, b.unit)
    spearman = CentredDirection.product(ranksOfX.unit, ranksOfY.unit)
    slope = pearson * (b.norm / a.norm)
    intercept = b.mean - slope * a.mean
  }

  /// The slope of log y over log x; nil if a number is not positive or the slope is undefined.
  static func logarithmicSlope(_ x: [Double], _ y: [Double], weights: RowWeights? = nil) -> Double? {
    guard x.allSatisfy({ $0 > 0 }), y.allSatisfy({ $0 > 0 }) else { return nil }
    return Correlation(x.map { log($0) }, y.map { log($0) }, weights: weights)?.slope
  }

  /// The slope of y over log x; nil if an x is not positive or the slope is undefined.
  static func semilogarithmicSlope(_ x: [Double], _ y: [Double], weights: RowWeights? = nil) -> Double? {
    guard x.allSatisfy({ $0 > 0 }) else { return nil }
    return Correlation(x.map { log($0) }, y, weights: weights)?.slope
  }
}
