import Foundation

@testable import Geometry

/// The definitions of METRICS as plain loops over all pairs, always from differences: the reference for the fast
/// versions.
struct BruteForce {
  let means: [[Double]]
  let variances: [Double]

  /// Centred with the mean of the differences from the first, which keeps a common offset exact.
  var centred: [[Double]] {
    let k = Double(means.count)
    let shifted = means.map { minus($0, means[0]) }
    let centre = means[0].indices.map { j in shifted.reduce(0) { $0 + $1[j] } / k }
    return shifted.map { minus($0, centre) }
  }

  var directions: [[Double]] { centred.map(unit) }

  func overPairs(_ value: (_ a: Int, _ b: Int) -> Double) -> (mean: Double, std: Double) {
    let values = means.indices.flatMap { a in means.indices.dropFirst(a + 1).map { value(a, $0) } }
    let mean = values.reduce(0, +) / Double(values.count)
    return (mean, (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot())
  }

  func overClasses(_ values: [Double]) -> (mean: Double, std: Double) {
    let mean = values.reduce(0, +) / Double(values.count)
    return (mean, (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)).squareRoot())
  }

  func cdnv(_ a: Int, _ b: Int, power: Double = 2) -> Double {
    (variances[a] + variances[b]) / (2 * pow(norm(minus(means[a], means[b])), power))
  }

  /// ‖ S/‖S‖_F − (I − 11ᵀ/K)/√(K−1) ‖_F with S = [⟨left_c, right_c′⟩], computed in full.
  static func simplexError(_ left: [[Double]], _ right: [[Double]]) -> Double {
    let k = Double(left.count)
    let gram = left.map { a in right.map { inner(a, $0) } }
    let size = gram.joined().reduce(0) { $0 + $1 * $1 }.squareRoot()
    var sum = 0.0
    for (i, row) in gram.enumerated() {
      for (j, entry) in row.enumerated() {
        let deviation = entry / size - ((i == j ? 1 : 0) - 1 / k) / (k - 1).squareRoot()
        sum += deviation * deviation
      }
    }
    return sum.squareRoot()
  }
}

func inner(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
func norm(_ a: [Double]) -> Double { inner(a, a).squareRoot() }
func minus(_ a: [Double], _ b: [Double]) -> [Double] { zip(a, b).map { $0 - $1 } }
func unit(_ a: [Double]) -> [Double] {
  let length = norm(a)
  return a.map { $0 / length }
}
