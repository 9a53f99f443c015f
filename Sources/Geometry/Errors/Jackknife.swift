/// The delete-a-group jackknife: how a number changes if one part of its samples at a time is left out.
///
/// Let θ be the number of the whole, θ_(j) that without part j, m_j of n the samples of part j, g the number of parts,
/// and h_j = n/m_j. Then
///
///     θ_J = gθ − Σ (1 − m_j/n) θ_(j),   bias = θ − θ_J,
///     variance = (1/g) Σ (θ̃_j − θ_J)²/(h_j − 1)   with   θ̃_j = h_jθ − (h_j − 1)θ_(j).
///
/// - Both come from the differences θ_(j) − θ, so that nothing cancels.
/// - For parts of equal size the variance is (g − 1)/g Σ (θ_(j) − mean of all θ_(j))².
/// - It errs upward where classes have few samples (Efron & Stein 1981).
/// - Source: Busing, Meijer & van der Leeden 1999.
package struct Jackknife: Sendable, Equatable {
  /// With fewer parts, the error itself is known too badly.
  package static let fewestParts = 8

  /// n/m_j − 1, by part.
  private let weights: [Double]

  /// - Parameter sizes: the samples of each part.
  ///
  /// Nil for fewer than ``fewestParts`` parts, or a part without samples.
  package init?(sizes: [Int]) {
    guard sizes.count >= Self.fewestParts, sizes.allSatisfy({ $0 > 0 }) else { return nil }
    let total = sizes.reduce(0.0) { $0 + Double($1) }
    weights = sizes.map { (total - Double($0)) / Double($0) }
  }

  package var parts: Int { weights.count }

  package struct Estimate: Sendable, Equatable {
    package let standardError: Double
    package let bias: Double
  }

  /// The standard error and the bias of a number; nil if one of them is not finite.
  ///
  /// - Parameter values: the number without each part.
  /// - Precondition: there is one value for each part.
  package func estimate(_ whole: Double, without values: [Double]) -> Estimate? {
    precondition(values.count == parts)
    let differences = values.map { $0 - whole }
    let bias = zip(weights, differences).reduce(0) { $0 + $1.0 / ($1.0 + 1) * $1.1 }
    let squares = zip(weights, differences).reduce(0) { sum, part in
      let deviation = bias - part.0 * part.1
      return sum + deviation * deviation / part.0
    }
    let error = (squares / Double(parts)).squareRoot()
    return error.isFinite && bias.isFinite ? Estimate(standardError: error, bias: bias) : nil
  }
}
