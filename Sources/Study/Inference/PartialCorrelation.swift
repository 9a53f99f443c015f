/// How x and y correlate without the part that some columns explain. It is Pearson's r of the residuals of x and of y
/// after least squares on those columns and an intercept.
///
/// - Columns that the others, or the intercept, determine are skipped and counted.
/// - Undefined with fewer than three more rows than remaining columns, or if the columns determine x or y.
/// - With weights, least squares and r are weighted.
/// - Its permutation test shuffles the residuals of y against those of x (Kennedy 1995). It is close to exact if
///   columns are few compared with rows.
struct PartialCorrelation: Sendable {
  /// What rounding leaves of a column that others determine, relative to its length about the mean.
  private static let rounding = 1e-10

  /// Residuals as directions; with weights, times √w.
  let x: [Double]
  let y: [Double]
  var r: Double { CentredDirection.product(x, y) }

  /// nil if undefined.
  init?(_ x: [Double], _ y: [Double], given columns: [[Double]], weights: RowWeights? = nil) {
    let basis = Self.basis(columns, weights)
    guard x.count >= basis.count + 3, let a = CentredDirection(x, weights: weights),
      let b = CentredDirection(y, weights: weights),
      let xs = Self.residual(a.unit, basis), let ys = Self.residual(b.unit, basis)
    else { return nil }
    (self.x, self.y) = (xs, ys)
  }

  /// The number of columns that those before them, or the intercept, determine.
  static func redundant(_ columns: [[Double]], weights: RowWeights? = nil) -> Int {
    columns.count - basis(columns, weights).count
  }

  /// Orthonormal directions that span the columns about their means (Gram & Schmidt).
  private static func basis(_ columns: [[Double]], _ weights: RowWeights?) -> [[Double]] {
    columns.reduce(into: []) { basis, column in
      guard let unit = CentredDirection(column, weights: weights)?.unit, let rest = residual(unit, basis) else {
        return
      }
      basis.append(rest)
    }
  }

  /// A direction without its part in the span of a basis, as a direction; nil if nothing remains.
  private static func residual(_ unit: [Double], _ basis: [[Double]]) -> [Double]? {
    var rest = unit
    // Twice is enough (Kahan & Parlett): the second pass removes what rounding left.
    for _ in 0..<2 {
      for direction in basis {
        var along = 0.0
        for index in rest.indices { along += rest[index] * direction[index] }
        for index in rest.indices { rest[index] -= along * direction[index] }
      }
    }
    let length = rest.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return length > rounding ? rest.map { $0 / length } : nil
  }
}
