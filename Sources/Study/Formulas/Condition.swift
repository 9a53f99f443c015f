/// A condition on rows: a formula, a comparison, and a number or, for equality, a text. A formula alone is met if it is
/// not 0.
package struct Condition: Sendable, Equatable {
  /// Longer signs come first.
  private static let comparisons: KeyValuePairs<String, @Sendable (Double, Double) -> Bool> = [
    "<=": { $0 <= $1 }, ">=": { $0 >= $1 }, "==": { $0 == $1 }, "!=": { $0 != $1 }, "<": { $0 < $1 },
    ">": { $0 > $1 }, "=": { $0 == $1 },
  ]

  let left: Expression
  private let comparison: String
  private let right: String

  /// Reads `width >= 256`. Throws ``StudyError``.
  ///
  /// - Parameter names: the columns of its table.
  package init(_ text: String, names: ColumnNames = ColumnNames()) throws {
    guard let start = names.firstSign(in: text[...], among: "<>=!") else {
      (left, comparison, right) = (try Expression(text.trimmingSpaces, names: names), "!=", "0")
      return
    }
    guard let comparison = Self.comparisons.first(where: { text[start...].hasPrefix($0.key) })?.key else {
      throw Self.error(text, "“\(text[start])”")
    }
    left = try Expression(text[..<start].trimmingSpaces, names: names)
    self.comparison = comparison
    right = text[start...].dropFirst(comparison.count).trimmingSpaces
    guard !right.isEmpty else { throw Self.error(text, "nothing after “\(comparison)”") }
    guard Double(right) != nil || ["==", "=", "!="].contains(comparison) else {
      throw Self.error(text, "“\(right)”, which is not a number")
    }
  }

  private static func error(_ text: String, _ found: String) -> StudyError {
    StudyError(
      position: "“\(text)”", expected: "a column, one of < <= = != >= >, and a number or text", found: found,
      advice: "write, for example, 'width >= 256' or 'seed=3'")
  }

  /// Which rows meet it; rows without a value do not.
  func rows(of table: Table) throws -> [Bool] {
    guard let number = Double(right) else {
      guard case .column(let name) = left.root else {
        throw Self.error("\(left.text) … \(right)", "a text compared with a formula")
      }
      return try table.column(name).cells.map { cell in
        cell.map { ($0.text == right) != (comparison == "!=") } ?? false
      }
    }
    let meets = Self.comparisons.first { $0.key == comparison }?.value
    return try left.values(in: table).map { $0.flatMap { meets?($0, number) } ?? false }
  }
}
