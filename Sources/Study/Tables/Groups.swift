/// Rows by the values of one column, or of several: numbers in ascending order, texts in that of the table.
///
/// Columns with commas between them (a name that has commas itself: between backquotes) make groups of the rows that have all their values in common: `layers,width,epochs` those
/// of models that differ by their seed alone.
struct Groups {
  /// What the columns are called.
  let column: String
  private(set) var members: [(value: String, rows: [Int])] = []

  /// Rows without a value are in no group, which is remarked. Throws ``StudyError`` where a column is none of the table.
  init(of asked: String, in table: Table, _ remarks: inout [String]) throws {
    let names = table.has(asked) ? [asked] : Backquotes.list(asked).map(Backquotes.name)
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
    if missing > 0 { remarks.append("\(missing.models) in no group by \(column), whose cell is missing") }
  }

  /// A number however it is written, or a text.
  private struct Value: Hashable {
    let number: Double?
    let text: String
  }
}
