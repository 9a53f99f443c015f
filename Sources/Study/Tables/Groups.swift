/// Rows grouped by the values of one or more columns: numbers in ascending order, texts in table order.
///
/// Columns separated by commas group the rows that agree in all of them: `layers,width,epochs` groups models that
/// differ only in their seed. A name that itself contains commas goes between backquotes.
struct Groups {
  /// The names of the columns.
  let column: String
  private(set) var members: [(value: String, rows: [Int])] = []

  /// Rows without a value are in no group, and a remark says so. Throws ``StudyError`` if the table lacks a column.
  init(of asked: String, in table: Table, _ remarks: inout [String]) throws {
    let names = table.names.list(asked).map { table.has($0) ? $0 : ColumnNames.unquoted($0) }
    let columns = try (names.isEmpty ? [asked] : names).map { try table.column($0) }
    column = columns.map(\.name).joined(separator: ", ")
    var places: [[Value]: Int] = [:]
    var keys: [[Value]] = []
    var missing = 0
    for row in 0..<table.rowCount {
      let cells = columns.compactMap { column in column.cells[row].flatMap { $0.isMissing ? nil : $0 } }
      guard cells.count == columns.count else {
        missing += 1
        continue
      }
      let key = cells.map { Value(number: $0.number, text: $0.number == nil ? $0.text : "") }
      if let place = places[key] {
        members[place].rows.append(row)
      } else {
        places[key] = members.count
        keys.append(key)
        members.append((cells.map(\.text).joined(separator: ", "), [row]))
      }
    }
    if columns.allSatisfy(\.isNumeric) {
      let order = keys.indices.sorted { a, b in
        keys[a].lexicographicallyPrecedes(keys[b]) { ($0.number ?? 0) < ($1.number ?? 0) }
      }
      members = order.map { members[$0] }
    }
    if missing > 0 { remarks.append("\(missing.models) in no group by \(column): missing value") }
  }

  /// A number, however it is written, or a text.
  private struct Value: Hashable {
    let number: Double?
    let text: String
  }
}
