/// A property to study where none is asked for, in the columns of each table that may have it.
public struct StandardProperty: Sendable {
  let name: String
  /// Of the first table's columns, of the second's, …
  let formulas: [String]

  package init(_ name: String, formulas: [String]) {
    (self.name, self.formulas) = (name, formulas)
  }
}

extension [StandardProperty] {
  /// Those whose columns a table has, and the names of the others. Throws ``StudyError`` where it has none.
  func of(_ table: Table) throws -> (found: [Property], absent: [String]) {
    var (found, absent): ([Property], [String]) = ([], [])
    for property in self {
      let fitting = try property.formulas.lazy.map { try Expression($0) }.first { $0.columns.allSatisfy(table.has) }
      if let fitting { found.append(Property(property.name, fitting)) } else { absent.append(property.name) }
    }
    guard found.isEmpty else { return (found, absent) }
    let example = first?.formulas.last.map { ", such as \($0)" } ?? ""
    throw StudyError(
      expected: "columns that measure writes or that the authors' table has\(example)",
      found: table.columns.prefix(12).map(\.name).joined(separator: ", ") + (table.columns.count > 12 ? ", …" : ""),
      advice: "say what to study with a property, as in 'NC1=cdnv_mean'")
  }
}
