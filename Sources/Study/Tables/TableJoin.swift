extension Table {
  /// Adds the columns of `other` to the rows of the same name.
  ///
  /// - A row whose name is a file's, as `out/a.json`, is found as `a` too.
  /// - Rows of `other` that no row asks for are left out; rows that `other` lacks have no cells there.
  /// - Throws ``StudyError`` where `other` has a name twice, or a column that is here too and says otherwise.
  public func joining(_ other: Table, by asked: String?) throws -> Table {
    let key = try other.nameColumn(asked.flatMap { other.has($0) ? $0 : nil })
    var rows: [String: Int] = [:]
    for (row, name) in try other.names(key).enumerated() where rows.updateValue(row, forKey: name) != nil {
      let place = try key.map { try other.column($0) }?.cells[row]?.place
      throw StudyError(
        file: place.map { "\($0)" }, expected: "a row a model", found: "a second row of “\(name)”",
        advice: "leave one of them out")
    }
    let matches = try names(asked).map { rows[$0] ?? rows[Self.stem($0)] }
    var joined = self
    for column in other.columns where column.name != key {
      let cells = matches.map { $0.flatMap { column.cells[$0] } }
      guard let index = joined.columns.firstIndex(where: { $0.name == column.name }) else {
        joined.columns.append(Column(name: column.name, cells: cells))
        continue
      }
      for (row, cell) in cells.enumerated() {
        guard let cell, !cell.isMissing else { continue }
        let own = joined.columns[index].cells[row]
        guard
          own.map({ $0.isMissing || $0.text == cell.text || ($0.number != nil && $0.number == cell.number) }) ?? true
        else {
          throw StudyError(
            file: "\(cell.place)", expected: "“\(own?.text ?? "")” in column “\(column.name)”, as the table has",
            found: "“\(cell.text)”", advice: "leave the column out of one of the files, or rename it")
        }
        joined.columns[index].cells[row] = cell
      }
    }
    return joined
  }

  /// The last part of a path, without its ending.
  private static func stem(_ path: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    return name.hasSuffix(".json") ? String(name.dropLast(5)) : name
  }
}
