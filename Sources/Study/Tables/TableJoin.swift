extension Table {
  /// Adds the columns of `other` to the rows with the same name.
  ///
  /// - A row named like a file, such as `out/a.json`, also matches `a`.
  /// - Rows of `other` that match no row are left out; rows that match none have no cells there, and are named in
  ///   `missing`.
  /// - Throws ``StudyError`` if no row matches, if `other` has a name twice, or a shared column with different values.
  ///
  /// - Parameter identities: columns that tell models apart, by content.
  package func joining(
    _ other: Table, by asked: String?, identities: [String] = []
  ) throws -> (table: Table, missing: [String]) {
    let key = try other.nameColumn(asked.flatMap { other.has($0) ? $0 : nil })
    var rows: [String: Int] = [:]
    for (row, name) in try other.names(key).enumerated() where rows.updateValue(row, forKey: name) != nil {
      let place = try key.map { try other.column($0) }?.cells[row]?.place
      throw StudyError(
        file: place.map { "\($0)" }, expected: "one row per model", found: "a second row for “\(name)”",
        advice: "remove one of them")
    }
    let names = try names(asked)
    let matches = names.map { rows[$0] ?? rows[Self.stem($0)] }
    guard rowCount == 0 || matches.contains(where: { $0 != nil }) else {
      throw StudyError(
        expected: "rows for some of the models: \(Self.some(names))",
        found: other.rowCount == 0
          ? "no rows" : key == nil ? "rows without names" : "rows for \(Self.some(try other.names(key)))",
        advice: "use the same names in both, or choose their column with name-column")
    }
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
            file: "\(cell.place)", expected: "“\(own?.text ?? "")” in column “\(column.name)”, as in the table",
            found: "“\(cell.text)”",
            advice: identities.contains(column.name)
              ? "join measurements of one model and state; give those of another as a table, with rows of their own"
              : "remove the column from one of the files, or rename it")
        }
        joined.columns[index].cells[row] = cell
      }
    }
    return (joined, zip(names, matches).filter { $0.1 == nil }.map(\.0))
  }

  /// The first of some names.
  package static func some(_ names: [String]) -> String {
    names.prefix(8).map { "“\($0)”" }.joined(separator: ", ") + (names.count > 8 ? ", …" : "")
  }

  /// The last part of a path, without `.json`.
  private static func stem(_ path: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    return name.hasSuffix(".json") ? String(name.dropLast(5)) : name
  }
}
