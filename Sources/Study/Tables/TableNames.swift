extension Table {
  /// The column that says what each row is called: the one asked for, else `model`, else `name`, else the first that
  /// holds texts; nil where all columns are numbers. Throws ``StudyError`` where there is none of that name.
  public func nameColumn(_ asked: String?) throws -> String? {
    if let asked { return try column(asked).name }
    return ["model", "name"].first(where: has) ?? columns.first { !$0.isNumeric && !$0.name.isEmpty }?.name
  }

  /// What each row is called; its number, from 1, where it is not said.
  public func names(_ asked: String?) throws -> [String] {
    let cells = try nameColumn(asked).map { try column($0).cells }
    return (0..<rowCount).map { row in
      let text = cells?[row]?.text ?? ""
      return text.isEmpty ? "\(row + 1)" : text
    }
  }
}
