/// A property to study if none is asked for, as a formula over each table that may have it.
public struct StandardProperty: Sendable {
  let name: String
  /// Over the first table's columns, the second's, …
  let formulas: [String]

  package init(_ name: String, formulas: [String]) {
    (self.name, self.formulas) = (name, formulas)
  }
}

extension [StandardProperty] {
  /// The properties whose columns a table has, and the names of the others. Throws ``StudyError`` if it has none.
  func of(_ table: Table) throws -> (found: [Property], absent: [String]) {
    var (found, absent): ([Property], [String]) = ([], [])
    for property in self {
      let fitting = try property.formulas.lazy.map { try Expression($0) }.first { $0.columns.allSatisfy(table.has) }
      if let fitting { found.append(Property(property.name, fitting)) } else { absent.append(property.name) }
    }
    guard found.isEmpty else { return (found, absent) }
    let example = first?.formulas.last.map { ", such as \($0)" } ?? ""
    throw StudyError(
      expected: "columns from measure or from the authors' table\(example)",
      found: table.columns.prefix(12).map(\.name).joined(separator: ", ") + (table.columns.count > 12 ? ", …" : ""),
      advice: "name a property to study, as in 'NC1=cdnv_mean'")
  }
}
