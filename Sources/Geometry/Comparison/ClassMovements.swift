import Samples

/// How far the mean of each common class lies from one state to another, within one basis.
struct ClassMovements: Sendable, Equatable {
  /// cos(m_A, m_B); nil for a class that is at the global mean of a state.
  let cosines: [Double?]
  /// ‖μ_A − μ_B‖².
  let squaredDistances: [Double]
  /// ‖μ_A − μ_B‖² − e_A − e_B, whose expectation is the squared distance of the true means if the samples differ; nil if
  /// the states are of the same samples, or the noise of one is not known.
  ///
  /// If the n samples of a class in one state are some of its N in the other, their noise in expected square differs by
  /// s²/n − s²/N = (N/n − 1)e alone, with e = s²/N; that is subtracted.
  let corrected: [Double]?
  /// ‖μ_G,A − μ_G,B‖², which all classes have in common.
  let squaredShift: Double

  /// - Precondition: both states have the same classes and dimension.
  init(_ a: ComparedState, _ b: ComparedState, _ samples: StateComparison.Relation.Samples) {
    let (one, two) = (a.means, b.means)
    let directed = one.tokens.indices.map { !one.inverseNorms[$0].isNaN && !two.inverseNorms[$0].isNaN }
    cosines = one.tokens.indices.map { directed[$0] ? Self.cosine(one.centred, two.centred, row: $0) : nil }
    var shift = [Double](repeating: 0, count: one.dimension)
    let distances = one.tokens.indices.map { row in
      var sum = 0.0
      let (start, end) = (row * one.dimension, (row + 1) * one.dimension)
      for place in start..<end {
        let rest = (one.lowPart?.elements[place] ?? 0) - (two.lowPart?.elements[place] ?? 0)
        let difference = (one.means.elements[place] - two.means.elements[place]) + rest
        sum += difference * difference
        shift[place - start] += difference
      }
      return sum
    }
    squaredDistances = distances
    let classes = Double(one.classes)
    squaredShift = shift.reduce(0) { $0 + ($1 / classes) * ($1 / classes) }
    corrected = Self.noise(a, b, samples).map { noise in zip(distances, noise).map { $0 - $1 } }
  }

  /// The part of each squared distance that is noise, in expectation; nil if it is common to both or not known.
  private static func noise(
    _ a: ComparedState, _ b: ComparedState, _ samples: StateComparison.Relation.Samples
  ) -> [Double]? {
    /// Of the samples that `all` has and `some` has not.
    func rest(_ some: ComparedState, _ all: ComparedState) -> [Double]? {
      all.meanErrors?.indices.map { row in
        (Double(all.means.counts[row]) / Double(some.means.counts[row]) - 1) * (all.meanErrors?[row] ?? 0)
      }
    }
    switch samples {
    case .same: return nil
    case .different:
      guard let errors = a.meanErrors, let others = b.meanErrors else { return nil }
      return zip(errors, others).map { $0 + $1 }
    case .aWithinB: return rest(a, b)
    case .bWithinA: return rest(b, a)
    }
  }

  /// ⟨a, b⟩/√(⟨a, a⟩⟨b, b⟩), which is exactly 1 for equal rows: the root of the square of a double is exact.
  private static func cosine(_ a: Matrix, _ b: Matrix, row: Int) -> Double? {
    let (start, count) = (row * a.columns, a.columns)
    return a.withUnsafeElements { a in
      b.withUnsafeElements { b in
        guard let one = a.baseAddress.map({ $0 + start }), let two = b.baseAddress.map({ $0 + start }) else {
          return nil
        }
        let norms = dot(one, one, count: count) * dot(two, two, count: count)
        return min(max(dot(one, two, count: count) / norms.squareRoot(), -1), 1)
      }
    }
  }
}
