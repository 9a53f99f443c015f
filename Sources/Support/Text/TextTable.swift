/// A plain-text table with aligned columns, two spaces apart. Cells are shown by ``VisibleText``, in one line.
package struct TextTable: Sendable {
  /// The cells of each line.
  package let lines: [[String]]
  /// Columns aligned right, as numbers are.
  package let rightAligned: ClosedRange<Int>?

  package init(_ lines: [[String]], rightAligned: ClosedRange<Int>? = nil) {
    self.lines = lines.map { $0.map(VisibleText.line) }
    self.rightAligned = rightAligned
  }

  /// The table as text, without trailing spaces or a final newline.
  package var text: String {
    let columns = lines.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in lines.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0 }
    return lines.map { line in
      let cells = line.indices.map { column in
        let padding = String(repeating: " ", count: widths[column] - line[column].count)
        return rightAligned?.contains(column) == true ? padding + line[column] : line[column] + padding
      }
      return String(cells.joined(separator: "  ").reversed().drop { $0 == " " }.reversed())
    }.joined(separator: "\n")
  }
}
