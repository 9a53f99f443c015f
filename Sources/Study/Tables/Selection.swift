import Foundation

/// Which rows of a table are studied: those whose name matches one of the patterns, if there are any, and that meet
/// every condition.
package struct Selection: Sendable, Equatable {
  /// Shell patterns: `*`, `?`, `[…]`.
  package var patterns: [String]
  package var conditions: [String]

  package init(patterns: [String] = [], conditions: [String] = []) {
    (self.patterns, self.conditions) = (patterns, conditions)
  }

  /// The numbers of the selected rows, in order. Throws ``StudyError`` if there are none.
  func rows(of table: Table, names: [String]) throws -> [Int] {
    let conditions = try self.conditions.map { try Condition($0, names: table.names).rows(of: table) }
    let rows = names.indices.filter { row in
      (patterns.isEmpty || patterns.contains { fnmatch($0, names[row], 0) == 0 }) && conditions.allSatisfy { $0[row] }
    }
    guard !names.isEmpty else {
      throw StudyError(expected: "one row per model", found: "a table without rows", advice: "name another table")
    }
    guard !rows.isEmpty else {
      let some = names.prefix(3).map { "“\($0)”" }.joined(separator: ", ")
      throw StudyError(
        expected: "rows that match \((patterns + self.conditions).joined(separator: ", "))",
        found: "none among \(names.count), such as \(some)", advice: "widen the selection, and quote patterns")
    }
    return rows
  }
}
