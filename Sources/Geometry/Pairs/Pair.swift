import CollapseKernels
import Samples

/// What pair statistics know of two classes a and b.
struct Pair: Sendable {
  /// ‖μ_a − μ_b‖²; 0 where the two agree within rounding.
  let squaredDistance: Double
  /// σ²_a + σ²_b.
  let variances: Double
  /// ⟨û_a, û_b⟩, within −1 … 1; NaN where one has no direction.
  let cosine: Double
  /// ‖û_a − û_b‖, within 0 … 2; 0 where the two agree within rounding, NaN where one has no direction.
  let chord: Double
}

extension Pair {
  /// Two directions at an angle, of classes of which nothing else is known.
  init(cosine: Double) {
    self.init(
      squaredDistance: .nan, variances: .nan, cosine: cosine, chord: (2 - 2 * cosine).squareRoot())
  }
}

extension CentredMeans {
  /// Two classes, from the inner product ⟨m_a, m_b⟩ of their centred means.
  ///
  /// ‖μ_a − μ_b‖² = ‖m_a‖² + ‖m_b‖² − 2⟨m_a, m_b⟩ and ‖û_a − û_b‖² = 2 − 2⟨û_a, û_b⟩ lose as many digits as the result is
  /// smaller than its terms. Below a thousandth of them, they are computed again from the difference.
  ///
  /// - Means agree within rounding where ‖μ_a − μ_b‖ ≤ 16ε√(‖μ_a‖² + ‖μ_b‖²): it is the means, not the centred ones, that
  ///   were rounded when they were accumulated.
  /// - Directions agree within rounding where they differ by no more than that rounding can turn them.
  func pair(_ a: Int, _ b: Int, inner: Double) -> Pair {
    let direction = directions(a, b, inner: inner)
    return Pair(
      squaredDistance: squaredDistance(a, b, inner: inner), variances: variances[a] + variances[b],
      cosine: direction.cosine, chord: direction.chord)
  }

  private func squaredDistance(_ a: Int, _ b: Int, inner: Double) -> Double {
    let terms = norms[a] * norms[a] + norms[b] * norms[b]
    var distance = terms - 2 * inner
    if distance < COLLAPSE_DISTANCE_CANCELS * terms { distance = squaredDifference(a, b) }
    return distance > squaredRounding[a] + squaredRounding[b] ? distance : 0
  }

  /// ‖μ_a − μ_b‖² from the difference of the means, with what their rounding left over where it is kept.
  private func squaredDifference(_ a: Int, _ b: Int) -> Double {
    guard let carry else { return means.squaredDistance(a, b) }
    return zip(zip(means[row: a], means[row: b]), zip(carry[row: a], carry[row: b])).reduce(0) { sum, pair in
      let difference = (pair.0.0 - pair.0.1) + (pair.1.0 - pair.1.1)
      return sum + difference * difference
    }
  }

  private func directions(_ a: Int, _ b: Int, inner: Double) -> (cosine: Double, chord: Double) {
    var cosine = inner * inverseNorms[a] * inverseNorms[b]
    guard !cosine.isNaN else { return (.nan, .nan) }
    cosine = max(-1, cosine)
    var squared = 2 - 2 * cosine
    if squared < COLLAPSE_CHORD_CANCELS {
      squared = centred.squaredDistance(a, times: inverseNorms[a], b, times: inverseNorms[b])
      cosine = 1 - squared / 2
    }
    let agree = squared <= squaredDirectionRounding[a] + squaredDirectionRounding[b]
    return agree ? (1, 0) : (cosine, squared.squareRoot())
  }
}

extension Matrix {
  /// ‖s·row a − t·row b‖², from the difference.
  fileprivate func squaredDistance(_ a: Int, times s: Double = 1, _ b: Int, times t: Double = 1) -> Double {
    withUnsafeElements { elements in
      guard let start = elements.baseAddress else { return 0 }
      return squaredDifference(start + a * columns, times: s, start + b * columns, times: t, count: columns)
    }
  }
}
