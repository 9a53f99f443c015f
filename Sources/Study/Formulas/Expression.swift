import Foundation

/// A formula over the columns of a table: numbers, columns, + − * / ^, parentheses, log, log10, abs and sqrt.
///
/// `^` binds tightest and to the right, then a sign, so that −x^2 is −(x^2). A name is made of letters, digits, `_`
/// and `.`, and starts with no digit; any other stands between backquotes.
public struct Expression: Sendable, Equatable {
  indirect enum Node: Sendable, Equatable {
    case number(Double)
    case column(String)
    case negative(Node)
    case binary(Operator, Node, Node)
    case call(Function, Node)
  }

  enum Operator: Character, Sendable {
    case plus = "+"
    case minus = "-"
    case times = "*"
    case over = "/"
    case power = "^"
  }

  enum Function: String, Sendable, CaseIterable {
    case log, log10, abs, sqrt
  }

  /// As it was written.
  public let text: String
  let root: Node

  /// Throws ``StudyError`` with the position of what is wrong.
  public init(_ text: String) throws {
    var parser = ExpressionParser(text)
    root = try parser.expression()
    self.text = text
  }

  init(column: String) {
    text = column
    root = .column(column)
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
  /// - A row in which one of its columns is missing has none; neither has one in which it is no finite number, as x /
  ///   0 and the logarithm of −1. Throws ``StudyError`` where a column is not there or a cell is no number.
  func values(in table: Table) throws -> Values {
    var numbers: [String: [Double?]] = [:]
    for name in columns { numbers[name] = try table.numbers(name) }
    var values = Values()
    for row in 0..<table.rowCount {
      let cells = numbers.compactMapValues { $0[row] }
      guard cells.count == numbers.count else {
        values.missing += 1
        values.numbers.append(nil)
        continue
      }
      let value = Self.value(root, cells)
      if !value.isFinite { values.undefined += 1 }
      values.numbers.append(value.isFinite ? value : nil)
    }
    return values
  }

  /// The values of a formula, a row each.
  struct Values: Sendable, Equatable {
    var numbers: [Double?] = []
    /// Rows that lack a cell.
    var missing = 0
    /// Rows in which it is no finite number.
    var undefined = 0
  }

  private static func value(_ node: Node, _ cells: [String: Double]) -> Double {
    switch node {
    case .number(let number): number
    case .column(let name): cells[name] ?? .nan
    case .negative(let inner): -value(inner, cells)
    case .binary(let sign, let left, let right): value(sign, value(left, cells), value(right, cells))
    case .call(let function, let inner): value(function, value(inner, cells))
    }
  }

  private static func value(_ sign: Operator, _ left: Double, _ right: Double) -> Double {
    switch sign {
    case .plus: left + right
    case .minus: left - right
    case .times: left * right
    case .over: left / right
    case .power: pow(left, right)
    }
  }

  private static func value(_ function: Function, _ argument: Double) -> Double {
    switch function {
    case .log: Foundation.log(argument)
    case .log10: Foundation.log10(argument)
    case .abs: Swift.abs(argument)
    case .sqrt: argument.squareRoot()
    }
  }
}
