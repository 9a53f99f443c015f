/// How x and y go together once what some columns explain of them is taken out: Pearson's r of the residuals of x and
/// of y after least squares on those columns and an intercept.
///
/// - Columns that the others, or the intercept, make up are passed over and counted.
/// - There is none where fewer than three more rows than columns are left, or where the columns make up x or y.
/// - Its permutation test shuffles the residuals of y against those of x (Kennedy 1995), as close to exact as the
///   columns are few against the rows.
struct PartialCorrelation: Sendable {
  /// Of the length of a column about its mean, what rounding leaves of one that others make up.
  private static let rounding = 1e-10

  /// Residuals as directions.
  let x: [Double]
  let y: [Double]
  var r: Double { Centred.product(x, y) }

  /// nil where there is none.
  init?(_ x: [Double], _ y: [Double], given columns: [[Double]]) {
    let basis = Self.basis(columns)
    guard x.count >= basis.count + 3, let a = Centred(x), let b = Centred(y),
      let xs = Self.residual(a.unit, basis), let ys = Self.residual(b.unit, basis)
    else { return nil }
    (self.x, self.y) = (xs, ys)
  }

  /// Columns among some that the others before them, or the intercept, make up.
  static func redundant(_ columns: [[Double]]) -> Int { columns.count - basis(columns).count }

  /// Orthonormal directions that span the columns about their means (Gram & Schmidt).
  private static func basis(_ columns: [[Double]]) -> [[Double]] {
    columns.reduce(into: []) { basis, column in
      if let unit = Centred(column)?.unit, let rest = residual(unit, basis) { basis.append(rest) }
    }
  }

  /// What is left of a direction beside a basis, as a direction; nil where nothing is.
  private static func residual(_ unit: [Double], _ basis: [[Double]]) -> [Double]? {
    var rest = unit
    // Twice is enough (Kahan & Parlett): the second time takes out what rounding left in.
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
