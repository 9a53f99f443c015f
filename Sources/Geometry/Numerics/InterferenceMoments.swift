import Samples

/// Mean and deviation of ⟨û_c, û_c′⟩ over all pairs of classes, without visiting a pair.
///
/// With the K_u directions û_c that exist, s = Σ û_c and G = Σ û_c û_cᵀ, over ordered pairs c ≠ c′:
///
///     Σ⟨û_c, û_c′⟩ = ‖s‖² − Σ‖û_c‖²,   Σ⟨û_c, û_c′⟩² = ‖G‖²_F − Σ‖û_c‖⁴.
///
/// - With fewer than two directions both are undefined. With one pair the deviation is 0.
/// - The mean is accurate to ε·(‖s‖² + K_u)/(K_u(K_u − 1)), which is better than a sum over the pairs.
/// - The variance is the mean square less the squared mean. Its error is about ε·√K_u times the terms that the entries
///   of G are summed from, because rounding errors go up as often as down (Higham & Mary 2019). That error stays
///   however small the variance is. The deviation loses only a few digits if directions differ as those of a language
///   model do. It loses all of them if directions are a simplex or coincide: ``isAccurate`` says which.
/// - Complexity: O(K·d²) time, O(d²) memory in addition to the means.
struct InterferenceMoments: Sendable, Equatable {
  /// Mean over pairs, within −1 … 1; nil if undefined.
  let mean: Double?
  /// Population standard deviation over pairs; nil if undefined.
  let std: Double?
  /// A bound on the relative error of `std`; infinite if nothing is known.
  let stdError: Double

  /// Whether the relative error of `std` is at most 1e-11.
  var isAccurate: Bool { stdError <= 1e-11 }

  /// Directions multiplied at a time, so that no copy of all of them is made. Part of the algorithm: it determines the
  /// last digits.
  static let rowsAtOnce = 4096

  init(_ means: CentredMeans, threads: Int) throws {
    let directions = means.classes - means.zeroNorms
    guard directions > 1 else {
      (mean, std, stdError) = (nil, nil, .infinity)
      return
    }
    let sums = try DirectionSums(means, threads: threads)
    let pairs = Double(directions) * Double(directions - 1)
    let mean = max(-1, min(1, (sums.squaredSum - sums.squares) / pairs))
    self.mean = mean
    guard directions > 2 else {
      (std, stdError) = (0, 0)
      return
    }
    let (square, terms) = sums.squaredGram
    let variance = max(0, (square - sums.fourths) / pairs - mean * mean)
    let rounding = 2 * Double(directions).squareRoot() * terms + 4 * (square + sums.fourths)
    let error = Double.ulpOfOne * (rounding / pairs + 8 * mean * mean)
    std = variance.squareRoot()
    stdError = variance > 0 ? error / (2 * variance) : .infinity
  }
}

/// Sums over the directions of class means.
private struct DirectionSums {
  /// ‖Σ û_c‖².
  let squaredSum: Double
  /// Σ‖û_c‖².
  let squares: Double
  /// Σ‖û_c‖⁴.
  let fourths: Double
  /// G = Σ û_c û_cᵀ, [d × d].
  private let gram: Matrix

  init(_ means: CentredMeans, threads: Int) throws {
    var sum = Array(repeating: CompensatedSum(), count: means.dimension)
    var (squares, fourths) = (CompensatedSum(), CompensatedSum())
    var gram = try Matrix(rows: means.dimension, columns: means.dimension)
    for rows in ranges(of: means.classes, size: InterferenceMoments.rowsAtOnce) {
      let units = try means.directions(rows)
      for row in 0..<units.rows {
        for (column, element) in units[row: row].enumerated() { sum[column].add(element) }
      }
      for norm in units.rowNorms {
        squares.add(norm * norm)
        fourths.add(norm * norm * norm * norm)
      }
      gram.add(try MatrixProducts.gram(units, threads: threads))
    }
    squaredSum = sum.reduce(0) { $0 + $1.value * $1.value }
    self.squares = squares.value
    self.fourths = fourths.value
    self.gram = gram
  }

  /// ‖G‖²_F, and Σ_ij |G_ij|·√(G_ii·G_jj). The latter is at least Σ_ij |G_ij|·Σ_c |û_ci·û_cj|, to which rounding is
  /// proportional.
  var squaredGram: (square: Double, terms: Double) {
    let roots = (0..<gram.rows).map { gram[$0, $0].squareRoot() }
    var square = CompensatedSum()
    var terms = 0.0
    for row in 0..<gram.rows {
      var magnitudes = 0.0
      for (entry, root) in zip(gram[row: row], roots) {
        square.add(entry * entry)
        magnitudes += entry.magnitude * root
      }
      terms += roots[row] * magnitudes
    }
    return (square.value, terms)
  }
}

extension CentredMeans {
  /// û_c of some classes, as rows; zero for classes without a direction.
  fileprivate func directions(_ rows: Range<Int>) throws -> Matrix {
    try Matrix(rows: rows.count, columns: dimension) { units in
      for (row, c) in rows.enumerated() {
        let scale = inverseNorms[c].isNaN ? 0 : inverseNorms[c]
        for (column, element) in centred[row: c].enumerated() { units[row * dimension + column] = element * scale }
      }
    }
  }
}

extension Matrix {
  /// Adds a matrix of the same shape, element by element.
  mutating func add(_ other: Matrix) {
    withUnsafeMutableElements { sums in
      other.withUnsafeElements { terms in
        for index in sums.indices { sums[index] += terms[index] }
      }
    }
  }
}
