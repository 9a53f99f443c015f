import Embeddings

extension Table {
  /// A table of a JSON array of objects, a row each, or of an object of objects, a row each that is called after its
  /// key.
  ///
  /// Objects within rows are columns called after both, joined by “_”; arrays are left out. Throws ``StudyError`` for
  /// anything else.
  public init(json: JSONValue, file: String) throws {
    let rows: [[JSONValue.Member]]
    switch json {
    case .array(let elements): rows = try elements.map { try Self.members($0, file) }
    case .object(let members):
      rows = try members.map { [.init("model", .string($0.key))] + (try Self.members($0.value, file)) }
    default: throw Self.noTable(file)
    }
    self.init()
    for (row, members) in rows.enumerated() {
      for member in members {
        let place = Place(file: file, line: row + 1, column: 1)
        guard let text = Self.text(member.value) else { continue }
        let index = columns.firstIndex { $0.name == member.key } ?? columns.count
        if index == columns.count {
          columns.append(Column(name: member.key, cells: Array(repeating: nil, count: rows.count)))
        }
        columns[index].cells[row] = Cell(text, place)
      }
    }
    rowCount = rows.count
  }

  private static func members(_ value: JSONValue, _ file: String, _ prefix: String = "") throws -> [JSONValue.Member] {
    guard case .object(let members) = value else { throw noTable(file) }
    return try members.flatMap { member in
      if case .object = member.value { return try Self.members(member.value, file, "\(prefix)\(member.key)_") }
      return [.init(prefix + member.key, member.value)]
    }
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
      Diagnosis(
        file: file, expected: "a JSON array of objects, or an object of objects, a row each", found: "other JSON",
        advice: "name a table, or what measure or collect wrote"))
  }
}
