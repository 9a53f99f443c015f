import CollapseKernels

/// Merges one class of two states: with δ = μ_b − μ_a and n = n_a + n_b,
///
///     μ = μ_a + δ·n_b/n,   M2 = M2_a + M2_b + ‖δ‖²·n_a·n_b/n,   S = S_a + S_b + δδᵀ·n_a·n_b/n.
///
/// M2 of each feature follows from the diagonal of S.
///
/// - Source: Chan, Golub & LeVeque 1979; Pébay 2008.
enum ChanStep {
  /// A mean of d features: its centre, and its low part if kept.
  struct Mean<Pointer> {
    let centre: Pointer
    let lowPart: Pointer?
  }

  /// Updates the mean of `own` samples to include `other` ones, and returns the M2 of all.
  ///
  /// - Parameter delta: receives the row δ·√(n_a·n_b/n) of d numbers, for the scatter.
  static func merge(
    _ mean: Mean<UnsafeMutablePointer<Double>>, count own: Double, m2: Double,
    _ otherMean: Mean<UnsafePointer<Double>>, count other: Double, m2 otherM2: Double, dimension: Int,
    delta: UnsafeMutablePointer<Double>
  ) -> Double {
    let squared = collapse_difference(otherMean.centre, otherMean.lowPart, mean.centre, mean.lowPart, dimension, delta)
    for feature in 0..<dimension { delta[feature] *= other }
    _ = collapse_welford_step(mean.centre, mean.lowPart, delta, dimension, own + other)
    let root = (own / (other * (own + other))).squareRoot()
    for feature in 0..<dimension { delta[feature] *= root }
    return m2 + (otherM2 + squared * (own * other / (own + other)))
  }

  /// Adds M2 of each feature of the other samples, and what the means differ by.
  ///
  /// - Parameter delta: the row that ``merge(_:count:m2:_:count:m2:dimension:delta:)`` wrote.
  static func merge(
    diagonal: UnsafeMutablePointer<Double>, _ other: UnsafePointer<Double>, delta: UnsafePointer<Double>, dimension: Int
  ) {
    for feature in 0..<dimension { diagonal[feature] += other[feature] + delta[feature] * delta[feature] }
  }
}
