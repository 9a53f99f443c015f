/// A condition on rows: a formula, a comparison, and a number or, for equality, a text. A formula alone is met where
/// it is not 0.
public struct Condition: Sendable, Equatable {
  enum Comparison: String, Sendable, CaseIterable {
    case atMost = "<="
    case atLeast = ">="
    case equal = "=="
    case different = "!="
    case less = "<"
    case greater = ">"
    case equals = "="
  }

  private let left: Expression
  private let comparison: Comparison
  private let right: String

  /// Reads `width >= 256`. Throws ``StudyError``.
  public init(_ text: String) throws {
    guard let start = Backquotes.firstSign(in: text[...], among: "<>=!") else {
      (left, comparison, right) = (try Expression(text.trimmingSpaces), .different, "0")
      return
    }
    guard let comparison = Comparison.allCases.first(where: { text[start...].hasPrefix($0.rawValue) }) else {
      throw Self.error(text, "“\(text[start])”")
    }
    left = try Expression(text[..<start].trimmingSpaces)
    self.comparison = comparison
    right = text[start...].dropFirst(comparison.rawValue.count).trimmingSpaces
    guard !right.isEmpty else { throw Self.error(text, "nothing after “\(comparison.rawValue)”") }
    guard Double(right) != nil || [.equal, .equals, .different].contains(comparison) else {
      throw Self.error(text, "“\(right)”, which is no number")
    }
  }

  private static func error(_ text: String, _ found: String) -> StudyError {
    StudyError(
      position: "“\(text)”", expected: "a column, one of < <= = != >= >, and a number or text", found: found,
      advice: "write, for example, 'width >= 256' or 'seed=3'")
  }

  /// Which rows meet it; rows that lack a cell do not.
  func rows(of table: Table) throws -> [Bool] {
    guard let number = Double(right) else {
      guard case .column(let name) = left.root else {
        throw Self.error("\(left.text) … \(right)", "a text to compare a formula with")
      }
      return try table.column(name).cells.map { cell in
        cell.map { ($0.text == right) != (comparison == .different) } ?? false
      }
    }
    return try left.values(in: table).numbers.map { $0.map { meets($0, number) } ?? false }
  }

  private func meets(_ value: Double, _ number: Double) -> Bool {
    switch comparison {
    case .atMost: value <= number
    case .atLeast: value >= number
    case .equal, .equals: value == number
    case .different: value != number
    case .less: value < number
    case .greater: value > number
    }
  }
}
