/// Weights of models, 1/variance of their property: precise ones count more.
struct RowWeights: Sendable {
  /// √w of each row, with Σw = 1.
  let roots: [Double]

  /// A ratio of errors whose square would underflow counts as this one.
  private static let smallest = 1e-150

  /// - Parameter errors: the standard error of each row, positive.
  init(errors: [Double]) {
    let least = errors.min() ?? 1
    self.init(relative: errors.map { max(least / $0, Self.smallest) })
  }

  /// Those of some rows, which may repeat.
  func of(_ rows: [Int]) -> RowWeights { RowWeights(relative: rows.map { roots[$0] }) }

  private init(relative: [Double]) {
    let largest = relative.max() ?? 1
    let scaled = relative.map { $0 / largest }
    let length = scaled.reduce(0) { $0 + $1 * $1 }.squareRoot()
    roots = scaled.map { $0 / length }
  }

  /// How many models of equal weight would be as informative: (Σw)²/Σw².
  var effectiveCount: Double { 1 / roots.reduce(0) { $0 + $1 * $1 * $1 * $1 } }
}
