import Foundation

/// A formula over the columns of a table: numbers, columns, + − * / ^, parentheses, log, log10, abs and sqrt.
///
/// `^` binds tightest and to the right, then a sign, so that −x^2 is −(x^2). A name is made of letters, digits, `_` and
/// `.`, and does not start with a digit; or it is one of ``ColumnNames``. Any name may go between backquotes.
package struct Expression: Sendable, Equatable {
  indirect enum Node: Sendable, Equatable {
    case number(Double)
    case column(String)
    case negative(Node)
    case binary(Character, Node, Node)
    case call(String, Node)
  }

  private static let operators: [Character: @Sendable (Double, Double) -> Double] = [
    "+": { $0 + $1 }, "-": { $0 - $1 }, "*": { $0 * $1 }, "/": { $0 / $1 }, "^": { pow($0, $1) },
  ]

  static let functions: KeyValuePairs<String, @Sendable (Double) -> Double> = [
    "log": { log($0) }, "log10": { log10($0) }, "abs": { abs($0) }, "sqrt": { $0.squareRoot() },
  ]

  /// As written.
  package let text: String
  let root: Node

  /// Throws ``StudyError`` with the position of the error.
  ///
  /// - Parameter names: the columns of its table. A text that is one of them is that column, whatever it looks like.
  package init(_ text: String, names: ColumnNames = ColumnNames()) throws {
    self.text = text
    guard !names.contains(text.trimmingSpaces) else {
      root = .column(text.trimmingSpaces)
      return
    }
    var parser = ExpressionParser(text, names: names)
    root = try parser.expression()
  }

  /// The columns it names.
  var columns: [String] { Self.columns(root) }

  private static func columns(_ node: Node) -> [String] {
    switch node {
    case .number: []
    case .column(let name): [name]
    case .negative(let inner), .call(_, let inner): columns(inner)
    case .binary(_, let left, let right): columns(left) + columns(right)
    }
  }

  /// Its value in each row.
  ///
  /// - A row has no value if one of its columns is missing, or if the result is not finite, as with x / 0 and the logarithm
  ///   of −1.
  /// - Throws ``StudyError`` if the table lacks a column or a cell is not a number.
  func values(in table: Table) throws -> [Double?] {
    var numbers: [String: [Double?]] = [:]
    for name in columns { numbers[name] = try table.numbers(name, in: text) }
    return (0..<table.rowCount).map { row in
      let cells = numbers.compactMapValues { $0[row] }
      let value = cells.count == numbers.count ? Self.value(root, cells) : .nan
      return value.isFinite ? value : nil
    }
  }

  static func value(_ node: Node, _ cells: [String: Double]) -> Double {
    switch node {
    case .number(let number): number
    case .column(let name): cells[name] ?? .nan
    case .negative(let inner): -value(inner, cells)
    case .binary(let sign, let left, let right): operators[sign]?(value(left, cells), value(right, cells)) ?? .nan
    case .call(let name, let inner): functions.first { $0.key == name }?.value(value(inner, cells)) ?? .nan
    }
  }
}
