extension Table {
  /// The column with the names of rows: the one asked for, else `model`, else `name`, else the first that holds texts.
  /// nil if all columns are numbers. Throws ``StudyError`` if the table lacks the one asked for.
  package func nameColumn(_ asked: String?) throws -> String? {
    if let asked { return try column(asked).name }
    return ["model", "name"].first(where: has) ?? columns.first { !$0.isNumeric && !$0.name.isEmpty }?.name
  }

  /// The name of each row; its number, from 1, if it has no name.
  package func names(_ asked: String?) throws -> [String] {
    let cells = try nameColumn(asked).map { try column($0).cells }
    return (0..<rowCount).map { row in
      let text = cells?[row]?.text ?? ""
      return text.isEmpty ? "\(row + 1)" : text
    }
  }
}
