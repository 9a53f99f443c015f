import Support

/// Remarks on texts that are both the name of a column and a formula over others.
struct ColumnRemarks {
  private(set) var remarks: [String] = []

  /// Throws ``StudyError`` if a text is not a formula.
  init(_ options: StudyOptions, in table: Table) throws {
    let names = table.names
    for text in [options.target] + options.given {
      try compare(text, Expression(text, names: names), Expression(text), in: table)
    }
    for text in options.properties {
      let property = try Property(text, names: names).expression
      try compare(property.text, property, Expression(property.text), in: table)
    }
    for text in options.selection.conditions {
      let condition = try Condition(text, names: names).left
      try compare(condition.text, condition, Expression(condition.text), in: table)
    }
    remarks = remarks.distinct()
  }

  /// - Parameters:
  ///   - chosen: the text as read with the names of columns.
  ///   - plain: the text as read without them.
  private mutating func compare(
    _ text: String, _ chosen: Expression, _ plain: @autoclosure () throws -> Expression, in table: Table
  ) {
    guard let plain = try? plain(), plain != chosen, plain.columns.allSatisfy(table.has) else { return }
    remarks.append("“\(text)” is read as the name of a column; with spaces around its signs it is a formula")
  }
}
