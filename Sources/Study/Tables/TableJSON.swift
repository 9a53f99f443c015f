import Support

extension Table {
  /// Reads a JSON array of objects, one per row; an object of objects, one per row and named by its key; or an object of
  /// plain values, as the only row.
  ///
  /// Objects within rows become columns named by both keys, joined by “_”; arrays are left out. Time and memory grow
  /// with the number of cells, which is limited. Throws ``StudyError`` for anything else.
  package init(json: JSONValue, file: String) throws {
    let rows: [[JSONValue.Member]]
    switch json {
    case .array(let elements): rows = try elements.map { try Self.members($0, file) }
    case .object(let members) where Self.isRow(members): rows = [members]
    case .object(let members):
      rows = try members.map { [.init("model", .string($0.key))] + (try Self.members($0.value, file)) }
    default: throw Self.noTable(file)
    }
    var columns: [(name: String, cells: [(row: Int, cell: Cell)])] = []
    var places: [String: Int] = [:]
    for (row, members) in rows.enumerated() {
      let place = Position(file: file, line: row + 1, column: 0)
      for member in members {
        guard let text = Self.text(member.value) else { continue }
        let index = places[member.key] ?? columns.count
        if index == columns.count {
          columns.append((member.key, []))
          places[member.key] = index
        }
        columns[index].cells.append((row, Cell(text: text, place: place)))
      }
    }
    guard columns.count * rows.count <= Self.mostCells else {
      throw StudyError(
        file: file, expected: "rows with the same members, at most \(Self.mostCells) cells in all",
        found: "\(columns.count) different members in \(rows.count) rows",
        advice: "name a table with one row per model and one member per statistic")
    }
    self.init(
      columns: columns.map { column in
        var cells = [Cell?](repeating: nil, count: rows.count)
        for (row, cell) in column.cells { cells[row] = cell }
        return Column(name: column.name, cells: cells)
      }, rowCount: rows.count)
  }

  /// Rows with entirely different members would have as many cells as the square of the input.
  private static let mostCells = 1 << 22

  private static func members(_ value: JSONValue, _ file: String, _ prefix: String = "") throws -> [JSONValue.Member] {
    guard case .object(let members) = value else { throw noTable(file) }
    return try members.flatMap { member in
      if case .object = member.value { return try Self.members(member.value, file, "\(prefix)\(member.key)_") }
      return [.init(prefix + member.key, member.value)]
    }
  }

  /// Whether an object is one row rather than rows by name.
  private static func isRow(_ members: [JSONValue.Member]) -> Bool {
    members.contains { text($0.value) != nil }
      && !members.contains { if case .object = $0.value { true } else { false } }
  }

  private static func text(_ value: JSONValue) -> String? {
    switch value {
    case .integer(let number): "\(number)"
    case .number(let number): "\(number)"
    case .string(let text): text
    case .boolean(let value): value ? "1" : "0"
    default: nil
    }
  }

  private static func noTable(_ file: String) -> StudyError {
    StudyError(
      file: file, expected: "a JSON array of objects, or an object of objects, one per row", found: "other JSON",
      advice: "name a table, or a file that measure or collect wrote")
  }
}
