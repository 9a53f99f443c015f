import Foundation
import TestSupport

@testable import Geometry
@testable import Moments
@testable import Samples

/// Corpora drawn from known means and spreads, to compare with what is measured of them.
struct Corpora {
  /// μ_c, [K × d], and the total variance of each class, spread along the axes by `shape`, which sums to 1.
  let means: [[Double]]
  let spreads: [Double]
  let shape: [Double]
  let counts: [Int]

  /// K classes with the counts of Zipf's law, at least one each.
  init(classes: Int, dimension: Int, samples: Int, shape: [Double]? = nil, seed: Int) {
    var normal = Normal(seed)
    means = (0..<classes).map { _ in (0..<dimension).map { _ in 0.3 * normal.next() } }
    spreads = (0..<classes).map { _ in exp(0.3 * normal.next()) }
    self.shape = shape ?? Array(repeating: 1 / Double(dimension), count: dimension)
    let total = (1...classes).reduce(0) { $0 + 1 / Double($1) }
    counts = (1...classes).map { max(1, Int((Double(samples) / (total * Double($0))).rounded())) }
  }

  /// The moments of one corpus.
  func draw(seed: Int) -> MomentsTable {
    var normal = Normal(seed)
    let d = shape.count
    var scatter = Array(repeating: Array(repeating: 0.0, count: d), count: d)
    var (means, m2): ([[Double]], [Double]) = ([], [])
    for (c, count) in counts.enumerated() {
      let roots = shape.map { ($0 * spreads[c]).squareRoot() }
      let rows = (0..<count).map { _ in (0..<d).map { self.means[c][$0] + roots[$0] * normal.next() } }
      let mean = (0..<d).map { j in rows.reduce(0) { $0 + $1[j] } / Double(count) }
      var squares = 0.0
      for row in rows {
        let rest = minus(row, mean)
        squares += inner(rest, rest)
        for i in 0..<d { for j in 0..<d { scatter[i][j] += rest[i] * rest[j] } }
      }
      means.append(mean)
      m2.append(squares)
    }
    return MomentsTable(means: means, m2: m2, counts: counts, withinScatter: scatter)
  }

  /// What (ΣM2)/(N − K) expects, given the counts.
  var withinTrace: Double {
    let rest = counts.map { Double($0 - 1) }
    return zip(rest, spreads).reduce(0) { $0 + $1.0 * $1.1 } / rest.reduce(0, +)
  }

  /// tr Σ_B of the true means.
  var betweenTrace: Double {
    let centred = BruteForce(means: means, variances: []).centred
    return centred.reduce(0) { $0 + inner($1, $1) } / Double(means.count)
  }
}

/// Normal random numbers, by Box and Muller.
private struct Normal {
  private var generator: SeededGenerator

  init(_ seed: Int) { generator = SeededGenerator(seed) }

  mutating func next() -> Double {
    let radius = (-2 * log(Double.random(in: Double.leastNormalMagnitude...1, using: &generator))).squareRoot()
    return radius * cos(2 * .pi * Double.random(in: 0..<1, using: &generator))
  }
}
