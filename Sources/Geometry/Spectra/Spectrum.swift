import Foundation

/// The eigenvalues of a covariance matrix, or the squared singular values of an output head.
package struct Spectrum: Sendable, Equatable {
  /// Whose spectrum it is.
  package enum Kind: String, CaseIterable, Sendable {
    /// Σ_W, over all samples.
    case within
    /// Σ_B, of the measured classes.
    case between
    /// Σ_Bw = Σ (n_c/N)(μ_c − μ)(μ_c − μ)ᵀ about the mean μ of all samples, over all classes.
    case betweenWeighted = "between_weighted"
    /// Σ_T = Σ_W + Σ_Bw.
    case total
    /// The output head's rows of the measured classes.
    case head
    /// All V rows of the output head.
    case headAll = "head_all"

    /// Its matrix, in the symbols of the paper.
    package var symbol: String {
      switch self {
      case .within: "Σ_W"
      case .between: "Σ_B"
      case .betweenWeighted: "Σ_B weighted by counts"
      case .total: "Σ_T"
      case .head: "WᵀW"
      case .headAll: "WᵀW over all V"
      }
    }

    /// Whether it is of all samples and classes of the state, whatever classes are selected.
    var usesAllSamples: Bool { self == .within || self == .betweenWeighted || self == .total }

    /// What it needs in addition to the class means.
    var needs: Requirement? {
      switch self {
      case .within, .total: .withinScatter
      case .between, .betweenWeighted: nil
      case .head, .headAll: .classifier
      }
    }
  }

  package let kind: Kind
  /// λ_1 ≥ λ_2 ≥ …, d of them; those that rounding made negative are 0.
  package let eigenvalues: [Double]

  init(_ kind: Kind, ascending values: [Double]) {
    self.kind = kind
    eigenvalues = values.reversed().map { max($0, 0) }
  }

  /// Σλ. It is finite: squared lengths are checked to be below 1e150.
  package var sum: Double { eigenvalues.reduce(0, +) }

  /// λ/λ_1; nil if all are zero.
  private var relative: [Double]? {
    guard let largest = eigenvalues.first, largest > 0 else { return nil }
    return eigenvalues.map { $0 / largest }
  }

  /// Eigenvalues above rounding, λ > d·ε·λ_1.
  var rank: Int {
    let zero = Double(eigenvalues.count) * .ulpOfOne * (eigenvalues.first ?? 0)
    return eigenvalues.count { $0 > zero }
  }
}

extension Spectrum {
  /// (Σλ)²/Σλ².
  var participationRatio: Double? {
    relative.map { values in
      let sum = values.reduce(0, +)
      return sum * sum / values.reduce(0) { $0 + $1 * $1 }
    }
  }

  /// Σλ/λ_1.
  var stableRank: Double? { relative.map { $0.reduce(0, +) } }

  /// λ_1/Σλ.
  var topShare: Double? { stableRank.map { 1 / $0 } }

  /// exp(−Σ p ln p), p = λ/Σλ.
  var effectiveRank: Double? { relative.map { Self.perplexity(of: $0) } }

  /// −slope of ln λ_i on ln i for i = 11 … min(100, rank), by least squares with the weights 1/i; nil below 20 points.
  var alpha: Double? {
    let last = min(100, rank)
    guard last >= 30 else { return nil }
    let points = (11...last).map { (x: log(Double($0)), y: log(eigenvalues[$0 - 1]), weight: 1 / Double($0)) }
    let total = points.reduce(0) { $0 + $1.weight }
    let x = points.reduce(0) { $0 + $1.weight * $1.x } / total
    let y = points.reduce(0) { $0 + $1.weight * $1.y } / total
    let products = points.reduce(0) { $0 + $1.weight * ($1.x - x) * ($1.y - y) }
    let squares = points.reduce(0) { $0 + $1.weight * ($1.x - x) * ($1.x - x) }
    return -products / squares
  }

  /// ((d − δ²(d − √d))² − d)/(d(d − 1)) with λ̂ = √d·λ/‖λ‖, δ = ‖λ̂ − 1‖/√(2(d − √d)); nil for d = 1.
  ///
  /// As ‖λ̂‖² = d, it is δ²(d − √d) = d − Σλ̂, so the square is (Σλ̂)² = d·(Σλ)²/Σλ².
  var isoscore: Double? {
    let d = Double(eigenvalues.count)
    return d > 1 ? participationRatio.map { ($0 - 1) / (d - 1) } : nil
  }

  /// exp(−Σ p ln p), with p = x/Σx + `offset`.
  ///
  /// - Precondition: the values are not negative, and one of them is positive.
  static func perplexity(of values: [Double], offset: Double = 0) -> Double {
    let sum = values.reduce(0, +)
    let entropy = values.reduce(0) { entropy, value in
      let share = value / sum + offset
      return share > 0 ? entropy - share * log(share) : entropy
    }
    return exp(entropy)
  }
}
