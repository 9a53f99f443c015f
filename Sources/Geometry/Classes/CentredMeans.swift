import Samples

/// The K selected class means, centred on the global mean: the input of every statistic.
package struct CentredMeans: Sendable {
  /// Token ids of the K classes, ascending.
  let tokens: [Int32]
  /// n_c.
  let counts: [Int]
  /// σ²_c = (1/n_c) Σ‖h − μ_c‖².
  let variances: [Double]
  /// μ_c, [K × d], as accumulated.
  let means: Matrix
  /// The low part of each μ_c, which rounding cut off, [K × d]; nil if it was not kept.
  let lowPart: Matrix?
  /// m_c = μ_c − μ_G, [K × d].
  package let centred: Matrix
  /// ‖m_c‖.
  let norms: [Double]
  /// 1/‖m_c‖, or NaN if m_c has no direction.
  let inverseNorms: [Double]
  /// (16ε)²·‖μ_c‖²: the square of a bound on the rounding error of μ_c.
  let squaredRounding: [Double]
  /// The same for the direction m_c/‖m_c‖.
  let squaredDirectionRounding: [Double]

  /// A class whose m_c is zero within rounding, ‖m_c‖ ≤ 16ε‖μ_c‖, has no direction.
  package init(_ selection: ClassSelection, globalMean: GlobalMean) throws {
    let table = selection.table
    tokens = selection.tokens
    counts = selection.rows.map { table.counts[$0] }
    variances = selection.rows.map { table.m2[$0] / Double(table.counts[$0]) }
    let isWhole = selection.rows.count == table.classes
    means = isWhole ? table.means : table.means.selecting(selection.rows)
    lowPart = isWhole ? table.lowPart : table.lowPart?.selecting(selection.rows)
    centred = globalMean.centre(means, lowPart: lowPart, counts: counts)
    norms = centred.rowNorms
    let lengths = means.rowNorms
    let rounding = lengths.map { 16 * Double.ulpOfOne * $0 }
    inverseNorms = zip(norms, rounding).map { $0 > $1 ? 1 / $0 : .nan }
    squaredRounding = rounding.map { $0 * $0 }
    squaredDirectionRounding = zip(norms, rounding).map { norm, rounding in
      let relative = max(rounding / norm, 16 * Double.ulpOfOne)
      return relative * relative
    }
    try selection.checkRange(lengths, of: means, "class mean")
    try selection.checkRange(norms, of: centred, "centred class mean")
  }

  /// K.
  package var classes: Int { tokens.count }
  /// d.
  package var dimension: Int { means.columns }
  /// Number of classes without a direction.
  var zeroNorms: Int { inverseNorms.count(where: \.isNaN) }
  /// Whether class means differ: there are several classes, and some have a direction.
  var differ: Bool { classes > 1 && zeroNorms < classes }
  /// tr Σ_B = (1/K) Σ‖m_c‖².
  var betweenTrace: Double { norms.reduce(0) { $0 + $1 * $1 } / Double(classes) }
}

extension Matrix {
  /// The Euclidean norm of each row.
  var rowNorms: [Double] {
    withUnsafeElements { elements in
      guard let start = elements.baseAddress else { return Array(repeating: 0, count: rows) }
      return (0..<rows).map { dot(start + $0 * columns, start + $0 * columns, count: columns).squareRoot() }
    }
  }
}
