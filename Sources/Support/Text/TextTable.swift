/// Cells in columns of equal width, two spaces apart, for people.
public struct TextTable: Sendable {
  /// Lines of as many cells each.
  public let lines: [[String]]
  /// Columns that are set against their right edge, as numbers are.
  public let rightAligned: ClosedRange<Int>

  public init(_ lines: [[String]], rightAligned: ClosedRange<Int>) {
    (self.lines, self.rightAligned) = (lines, rightAligned)
  }

  /// A line of text each, no spaces at their ends, no newline after the last.
  public var text: String {
    let columns = lines.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in lines.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0 }
    return lines.map { line in
      let cells = line.indices.map { column in
        let padding = String(repeating: " ", count: widths[column] - line[column].count)
        return rightAligned.contains(column) ? padding + line[column] : line[column] + padding
      }
      return String(cells.joined(separator: "  ").reversed().drop { $0 == " " }.reversed())
    }.joined(separator: "\n")
  }
}
