import Moments
import Samples

/// The K classes to measure: those that pass a ``ClassFilter``.
///
/// Only the class means are selected. N, Σ_W and tr Σ_W still cover **all** accumulated samples: they describe the
/// stream, not the selection.
package struct ClassSelection: Sendable {
  /// The moments that the classes are selected from.
  let table: MomentsTable
  private let filter: ClassFilter
  /// Rows of the moments table, ascending.
  package let rows: [Int]
  /// Their token ids, ascending.
  package let tokens: [Int32]
  /// Whether there is any condition on the classes, whatever it leaves out.
  var isSelection: Bool { filter != ClassFilter() }
  /// d, the number of features per sample.
  package let dimension: Int

  /// The most features that can be measured. With more, LAPACK's 32-bit workspace sizes overflow.
  static let widest = 32_000

  /// Selects the classes and checks that they can be measured.
  ///
  /// - Throws: ``GeometryError`` if no class is left, a moment is not finite, or there are too many features.
  package init(_ table: MomentsTable, _ filter: ClassFilter = ClassFilter()) throws {
    guard table.dimension <= Self.widest else {
      throw GeometryError.tooWide(dimension: table.dimension, limit: Self.widest)
    }
    try Self.checkMoments(table)
    try self.init(table, Array(table.counts.indices), filter)
  }

  private init(_ table: MomentsTable, _ candidates: [Int], _ filter: ClassFilter) throws {
    (self.table, self.filter) = (table, filter)
    rows = candidates.filter { filter.contains(token: table.tokens[$0], count: table.counts[$0]) }
    tokens = rows.map { table.tokens[$0] }
    dimension = table.dimension
    guard !rows.isEmpty else { throw GeometryError.noClasses(found: filter.countsByCondition(of: table)) }
  }

  /// The classes of this selection that are in `tokens`.
  ///
  /// - Throws: ``GeometryError`` if no class is left.
  func narrowed(to tokens: [Int32]) throws -> ClassSelection {
    var filter = filter
    filter.tokens = Set(tokens)
    return try ClassSelection(table, rows, filter)
  }

  /// The fewest samples that its filter asks of a class.
  var minCount: Int { filter.minCount }

  /// The classes of this selection that have at least so many samples. Throws ``GeometryError`` if there are none.
  func atLeast(_ minCount: Int) throws -> ClassSelection {
    var filter = filter
    filter.minCount = minCount
    return try ClassSelection(table, rows, filter)
  }

  /// Checks that an output head of V rows and d columns has a row for every selected token, before gathering the rows.
  package func checkHead(rows: Int, columns: Int) throws {
    guard columns == dimension else {
      throw GeometryError.classifierDimension(expected: dimension, found: columns)
    }
    if let last = tokens.last, Int(last) >= rows { throw GeometryError.classifierTooShort(token: last, rows: rows) }
  }

  /// Checks that a classifier is [K × d], with one row for each selected class.
  func checkClassifier(_ classifier: Matrix) throws {
    guard classifier.columns == dimension else {
      throw GeometryError.classifierDimension(expected: dimension, found: classifier.columns)
    }
    guard classifier.rows == rows.count else {
      throw GeometryError.classifierRows(expected: rows.count, found: classifier.rows)
    }
  }

  /// Checks that an out-of-distribution mean has d features and that their squares fit a double.
  package func check(_ foreign: OutOfDistributionMean) throws {
    guard foreign.dimension == dimension else {
      throw GeometryError.outOfDistributionDimension(expected: dimension, found: foreign.dimension)
    }
    let norm = Matrix(rows: 1, columns: dimension, elements: foreign.mean).rowNorms[0]
    if !(norm < 1e75) || (norm > 0 && norm < 1e-75) { throw GeometryError.foreignOutOfRange(norm: norm) }
  }

  /// Checks that vectors, one per row of `rows`, have lengths whose fourth power fits a double. Refuses lengths of 1e75
  /// and more, and lengths below 1e-75 that are not zero, because they would be taken for zero.
  func checkRange(_ norms: [Double], of rows: Matrix, _ what: String) throws {
    try Self.checkRange(norms, of: rows, tokens, what)
  }

  /// The same for vectors of other classes.
  static func checkRange(_ norms: [Double], of rows: Matrix, _ tokens: [Int32], _ what: String) throws {
    for (row, (token, norm)) in zip(tokens, norms).enumerated() where !(norm < 1e75) || norm < 1e-75 {
      let largest = norm < 1e-75 ? rows[row: row].reduce(0) { max($0, $1.magnitude) } : norm
      if largest != 0 { throw GeometryError.outOfRange(token: token, what: what, norm: largest) }
    }
  }

  private static func checkMoments(_ table: MomentsTable) throws {
    var samples = 0
    for (row, token) in table.tokens.enumerated() {
      let (sum, overflow) = samples.addingReportingOverflow(table.counts[row])
      guard table.counts[row] > 0, !overflow else {
        throw GeometryError.badMoments(token: token, found: "a count of \(table.counts[row])")
      }
      samples = sum
      guard table.m2[row].isFinite, table.m2[row] >= 0 else {
        throw GeometryError.badMoments(token: token, found: "a sum of squares of \(table.m2[row])")
      }
      guard table.means[row: row].allSatisfy(\.isFinite) else {
        throw GeometryError.badMoments(token: token, found: "a mean with NaN or infinity")
      }
    }
    guard table.withinTrace.isFinite, table.withinScatter?.elements.allSatisfy(\.isFinite) ?? true else {
      throw GeometryError.badScatter
    }
  }
}
