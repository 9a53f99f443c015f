import Foundation

/// The standard errors of a property, one per row of a table.
///
/// A column `x` has them in a column `x_standard_error`. Those of a formula follow from its columns' by the delta method,
/// as if their errors were independent.
struct PropertyErrors: Sendable {
  /// Nil if unknown.
  let values: [Double?]
  /// Whether the bias of a column exceeds two of its errors, so that there is no error bar.
  let isBiased: [Bool]
  /// The columns with errors that the table lacks.
  let missing: [String]

  /// What follows a column's name in the columns of its errors and of their bias.
  static let (suffix, biasSuffix) = ("_standard_error", "_jackknife_bias")

  /// The length of each row's error bar; nil if there is none to draw.
  var bars: [Double?] { zip(values, isBiased).map { $1 ? nil : $0 } }

  /// No errors for any of `count` rows.
  init(unknown count: Int) {
    (values, isBiased) = (Array(repeating: nil, count: count), Array(repeating: false, count: count))
    missing = []
  }

  /// Throws ``StudyError`` if the table lacks a column of the formula, or a cell is not a number.
  init(_ expression: Expression, in table: Table) throws {
    let names = Set(expression.columns)
    let own = try names.reduce(into: [:]) { own, name in own[name] = try table.column(name, in: expression.text).name }
    missing = own.values.map { $0 + Self.suffix }.filter { !table.has($0) }.sorted()
    guard missing.isEmpty, !own.isEmpty else {
      (values, isBiased) = (
        Array(repeating: nil, count: table.rowCount), Array(repeating: false, count: table.rowCount)
      )
      return
    }
    let cells = try names.reduce(into: [:]) { $0[$1] = try table.numbers($1, in: expression.text) }
    let errors = try own.mapValues { try table.numbers($0 + Self.suffix) }
    let biases = try own.mapValues { name in
      table.has(name + Self.biasSuffix) ? try table.numbers(name + Self.biasSuffix) : []
    }
    values = (0..<table.rowCount).map { row in
      let known = cells.compactMapValues { $0[row] }
      guard known.count == cells.count else { return nil }
      var variance = 0.0
      // In the order of names, because the order of a sum changes its last digits.
      for (name, errors) in errors.sorted(by: { $0.key < $1.key }) {
        guard let error = errors[row], error >= 0 else { return nil }
        let change = expression.derivative(by: name, known) * error
        variance += change * change
      }
      return variance.isFinite ? variance.squareRoot() : nil
    }
    isBiased = (0..<table.rowCount).map { row in
      biases.contains { name, biases in
        guard row < biases.count, let bias = biases[row], let error = errors[name]?[row] else { return false }
        return bias.magnitude > 2 * error
      }
    }
  }
}

extension Expression {
  /// The partial derivative by a column, given the value of each.
  func derivative(by name: String, _ cells: [String: Double]) -> Double { Self.derivative(root, name, cells) }

  private static func derivative(_ node: Node, _ name: String, _ cells: [String: Double]) -> Double {
    switch node {
    case .number: 0
    case .column(let column): column == name ? 1 : 0
    case .negative(let inner): -derivative(inner, name, cells)
    case .binary(let sign, let left, let right):
      derivative(
        sign, (value(left, cells), derivative(left, name, cells)), (value(right, cells), derivative(right, name, cells))
      )
    case .call(let function, let inner):
      derivative(of: function, at: value(inner, cells)) * derivative(inner, name, cells)
    }
  }

  private typealias Change = (value: Double, slope: Double)

  private static func derivative(_ sign: Character, _ a: Change, _ b: Change) -> Double {
    switch sign {
    case "+": a.slope + b.slope
    case "-": a.slope - b.slope
    case "*": a.slope * b.value + a.value * b.slope
    case "/": (a.slope - a.value / b.value * b.slope) / b.value
    default:
      (a.slope == 0 ? 0 : b.value * pow(a.value, b.value - 1) * a.slope)
        + (b.slope == 0 ? 0 : pow(a.value, b.value) * log(a.value) * b.slope)
    }
  }

  private static func derivative(of function: String, at value: Double) -> Double {
    switch function {
    case "log": 1 / value
    case "log10": 1 / (value * M_LN10)
    case "sqrt": 0.5 / value.squareRoot()
    default: value < 0 ? -1 : 1
    }
  }
}
