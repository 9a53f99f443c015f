/// Columns of text in a monospaced face.
enum TextTable {
  /// Lines with each column as wide as its widest cell, without trailing spaces.
  static func text(_ lines: [[String]], alignRight: (_ column: Int) -> Bool) -> String {
    let widths = (lines.first ?? []).indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    return lines.map { line in
      let cells = line.indices.map { column in
        let padding = String(repeating: " ", count: widths[column] - line[column].count)
        return alignRight(column) ? padding + line[column] : line[column] + padding
      }
      let text = cells.joined(separator: "  ")
      return String(text.reversed().drop { $0 == " " }.reversed()) + "\n"
    }.joined()
  }
}
