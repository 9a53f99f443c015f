/// Rows by the value of a column, numbers in ascending order, texts in that of the table.
struct Groups {
  private(set) var members: [(value: String, rows: [Int])] = []

  /// Rows without a value are in no group, which is remarked.
  init(of column: String, in table: Table, _ remarks: inout [String]) throws {
    let column = try table.column(column)
    var missing = 0
    for (row, cell) in column.cells.enumerated() {
      guard let cell, !cell.isMissing else {
        missing += 1
        continue
      }
      let same = members.firstIndex { member in
        member.value == cell.text || (cell.number != nil && Double(member.value) == cell.number)
      }
      if let same { members[same].rows.append(row) } else { members.append((cell.text, [row])) }
    }
    if column.isNumeric { members.sort { (Double($0.value) ?? 0) < (Double($1.value) ?? 0) } }
    if missing > 0 { remarks.append("\(missing.models) in no group by \(column.name), whose cell is missing") }
  }
}
