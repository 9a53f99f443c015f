import CollapseKernels
import Samples

/// The input of pair statistics for two classes a and b.
struct Pair: Sendable {
  /// ‖μ_a − μ_b‖²; 0 if the two agree within rounding.
  let squaredDistance: Double
  /// σ²_a + σ²_b.
  let variances: Double
  /// ⟨û_a, û_b⟩, within −1 … 1; NaN if a or b has no direction.
  let cosine: Double
  /// ‖û_a − û_b‖, within 0 … 2; 0 if the two agree within rounding, NaN if a or b has no direction.
  let chord: Double
  /// The cosine of every pair of classes in a simplex, −1/(K − 1).
  var simplexCosine = Double.nan
}

extension Pair {
  /// Two directions at an angle, of classes about which nothing else is known.
  init(cosine: Double) {
    self.init(
      squaredDistance: .nan, variances: .nan, cosine: cosine, chord: (2 - 2 * cosine).squareRoot())
  }
}

extension CentredMeans {
  /// Two classes, given the inner product ⟨m_a, m_b⟩ of their centred means.
  ///
  /// ‖μ_a − μ_b‖² = ‖m_a‖² + ‖m_b‖² − 2⟨m_a, m_b⟩ and ‖û_a − û_b‖² = 2 − 2⟨û_a, û_b⟩ lose digits if the result is small
  /// compared with its terms. Below a thousandth of them, both are computed again from the difference.
  ///
  /// - Means agree within rounding if ‖μ_a − μ_b‖ ≤ 16ε√(‖μ_a‖² + ‖μ_b‖²). The bound uses the lengths of the means, not
  ///   of the centred means, because accumulation rounded the means.
  /// - Directions agree within rounding if they differ by no more than that rounding can turn them.
  func pair(_ a: Int, _ b: Int, inner: Double) -> Pair {
    let direction = directions(a, b, inner: inner)
    return Pair(
      squaredDistance: squaredDistance(a, b, inner: inner), variances: variances[a] + variances[b],
      cosine: direction.cosine, chord: direction.chord, simplexCosine: simplexCosine)
  }

  /// −1/(K − 1), the cosine of every pair of classes in a simplex.
  var simplexCosine: Double { -1 / Double(classes - 1) }

  private func squaredDistance(_ a: Int, _ b: Int, inner: Double) -> Double {
    let terms = norms[a] * norms[a] + norms[b] * norms[b]
    var distance = terms - 2 * inner
    if distance < COLLAPSE_DISTANCE_CANCELS * terms { distance = squaredDifference(a, b) }
    return distance > squaredRounding[a] + squaredRounding[b] ? distance : 0
  }

  /// ‖μ_a − μ_b‖² from the difference of the means, including their low parts if they were kept.
  private func squaredDifference(_ a: Int, _ b: Int) -> Double {
    guard let lowPart else { return means.squaredDistance(a, b) }
    return zip(zip(means[row: a], means[row: b]), zip(lowPart[row: a], lowPart[row: b])).reduce(0) { sum, pair in
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
  /// ‖s·row a − t·row b‖², computed from the difference.
  fileprivate func squaredDistance(_ a: Int, times s: Double = 1, _ b: Int, times t: Double = 1) -> Double {
    withUnsafeElements { elements in
      guard let start = elements.baseAddress else { return 0 }
      return squaredDifference(start + a * columns, times: s, start + b * columns, times: t, count: columns)
    }
  }
}
