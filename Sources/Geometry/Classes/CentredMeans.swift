import Moments
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

  /// The means of the selected classes.
  package init(_ selection: ClassSelection, globalMean: GlobalMean) throws {
    let (table, rows) = (selection.table, selection.rows)
    let isWhole = rows.count == table.classes
    try self.init(isWhole ? table : table.selecting(rows), globalMean: globalMean)
  }

  /// The means of all classes of a table. A class whose m_c is zero within rounding, ‖m_c‖ ≤ 16ε‖μ_c‖, has no
  /// direction.
  init(_ table: MomentsTable, globalMean: GlobalMean) throws {
    self.init(
      tokens: table.tokens, counts: table.counts, variances: zip(table.m2, table.counts).map { $0 / Double($1) },
      means: table.means, lowPart: table.lowPart,
      centred: try globalMean.centre(table.means, lowPart: table.lowPart, counts: table.counts))
    try ClassSelection.checkRange(means.rowNorms, of: means, tokens, "class mean")
    try ClassSelection.checkRange(norms, of: centred, tokens, "centred class mean")
  }

  /// The rows of an output head in place of class means, centred on their mean or as they are. They have no variance.
  init(head: Matrix, of means: CentredMeans, centred: Bool) throws {
    self.init(
      tokens: means.tokens, counts: means.counts, variances: [Double](repeating: 0, count: head.rows), means: head,
      lowPart: nil, centred: centred ? try GlobalMean.unweighted.centre(head, counts: means.counts) : head)
  }

  /// The same means as they are, in place of the centred ones.
  var uncentred: CentredMeans {
    CentredMeans(
      tokens: tokens, counts: counts, variances: variances, means: means, lowPart: lowPart, centred: means)
  }

  private init(
    tokens: [Int32], counts: [Int], variances: [Double], means: Matrix, lowPart: Matrix?, centred: Matrix
  ) {
    (self.tokens, self.counts, self.variances) = (tokens, counts, variances)
    (self.means, self.lowPart, self.centred) = (means, lowPart, centred)
    norms = centred.rowNorms
    let rounding = means.rowNorms.map { 16 * Double.ulpOfOne * $0 }
    inverseNorms = zip(norms, rounding).map { $0 > $1 ? 1 / $0 : .nan }
    squaredRounding = rounding.map { $0 * $0 }
    squaredDirectionRounding = zip(norms, rounding).map { norm, rounding in
      let relative = max(rounding / norm, 16 * Double.ulpOfOne)
      return relative * relative
    }
  }

  /// K.
  package var classes: Int { tokens.count }
  /// Σ n_c, their samples.
  var samples: Int { counts.reduce(0, +) }
  /// (1/Σn_c) Σ M2_c, tr Σ_W over their samples alone.
  var withinTrace: Double { zip(variances, counts).reduce(0) { $0 + $1.0 * Double($1.1) } / Double(samples) }
  /// d.
  package var dimension: Int { means.columns }
  /// Number of classes without a direction.
  var zeroNorms: Int { inverseNorms.count(where: \.isNaN) }
  /// Whether class means differ: there are several classes, and some have a direction.
  var differ: Bool { classes > 1 && zeroNorms < classes }
  /// tr Σ_B = (1/K) Σ‖m_c‖².
  var betweenTrace: Double { norms.reduce(0) { $0 + $1 * $1 } / Double(classes) }
}

extension MomentsTable {
  /// Some of its classes, without the scatter. Throws `OutOfMemory`.
  func selecting(_ rows: [Int]) throws -> MomentsTable {
    MomentsTable(
      tokens: rows.map { tokens[$0] }, counts: rows.map { counts[$0] }, means: try means.selecting(rows),
      lowPart: try lowPart?.selecting(rows), m2: rows.map { m2[$0] })
  }
}

extension Matrix {
  /// The Euclidean norm of each row.
  package var rowNorms: [Double] {
    withUnsafeElements { elements in
      guard let start = elements.baseAddress else { return Array(repeating: 0, count: rows) }
      return (0..<rows).map { dot(start + $0 * columns, start + $0 * columns, count: columns).squareRoot() }
    }
  }
}
