/// A property to study if none is asked for, as a formula over each table that may have it.
package struct StandardProperty: Sendable {
  /// A formula over the columns of one kind of table.
  package struct Formula: Sendable {
    let text: String
    /// How it differs from the property's usual meaning; empty if it does not.
    let remark: String

    package init(_ text: String, remark: String = "") {
      (self.text, self.remark) = (text, remark)
    }
  }

  let name: String
  /// Over the first table's columns, the second's, …
  let formulas: [Formula]

  package init(_ name: String, formulas: [Formula]) {
    (self.name, self.formulas) = (name, formulas)
  }
}

extension [StandardProperty] {
  /// The properties whose columns a table has, and remarks on them and the others. Throws ``StudyError`` if it has none.
  func of(_ table: Table) throws -> (found: [Property], remarks: [String]) {
    var (found, remarks, absent): ([Property], [String], [String]) = ([], [], [])
    for property in self {
      let fitting = try property.formulas.lazy.map { ($0, try Expression($0.text)) }
        .first { $0.1.columns.allSatisfy(table.has) }
      guard let (formula, expression) = fitting else {
        absent.append(property.name)
        continue
      }
      found.append(Property(property.name, expression))
      if !formula.remark.isEmpty { remarks.append("\(property.name): \(formula.remark)") }
    }
    if !absent.isEmpty { remarks.append("no columns for \(absent.joined(separator: ", "))") }
    guard found.isEmpty else { return (found, remarks) }
    let example = first?.formulas.last.map { ", such as \($0.text)" } ?? ""
    throw StudyError(
      expected: "columns from measure or from the authors' table\(example)",
      found: table.columns.prefix(12).map(\.name).joined(separator: ", ") + (table.columns.count > 12 ? ", …" : ""),
      advice: "name a property to study, as in 'NC1=cdnv_mean'")
  }
}
