/// A table with one row per model: columns of cells.
package struct Table: Sendable, Equatable {
  /// The position of a cell; lines and columns count from 1, columns in characters. A file without lines has rows
  /// instead, and 0 for the column.
  package struct Position: Sendable, Equatable, CustomStringConvertible {
    package let file: String
    package let line: Int
    package let column: Int

    package var description: String { column == 0 ? "\(file), row \(line)" : "\(file):\(line):\(column)" }
  }

  /// A cell as written.
  package struct Cell: Sendable, Equatable {
    package let text: String
    package let place: Position

    /// Texts that mean a missing value, in lower case: those that pandas, R, Julia, C libraries and spreadsheets write.
    private static let missing: Set = [
      "", "nan", "na", "n/a", "<na>", "nat", "null", "none", "missing", "inf", "+inf", "-inf", "infinity", "nan(ind)",
      "-nan(ind)", "1.#ind", "-1.#ind", "1.#qnan", "-1.#qnan", "1.#inf", "-1.#inf", "#n/a", "#n/a n/a", "#na", "#num!",
      "#div/0!", "#value!", "#ref!", "#name?", "#null!",
    ]

    package var isMissing: Bool { Self.missing.contains(text.lowercased()) || number.map { !$0.isFinite } == true }

    /// Whether it is a number but for its commas: `0,5` or `1,234.5`.
    var hasNumberWithComma: Bool {
      text.contains(",") && Double(String(text.map { $0 == "," ? "0" : $0 }))?.isFinite == true
    }

    /// Its number; nil if it is not a number.
    package var number: Double? { Double(text) }
  }

  package struct Column: Sendable, Equatable {
    package let name: String
    /// One per row; nil if a row has none.
    package internal(set) var cells: [Cell?]

    /// Whether there are cells that are not missing, and all of them are numbers.
    var isNumeric: Bool {
      let present = cells.compactMap { $0 }.filter { !$0.isMissing }
      return !present.isEmpty && present.allSatisfy { $0.number != nil }
    }
  }

  package internal(set) var columns: [Column]
  /// Number of rows, the same in every column.
  package internal(set) var rowCount: Int

  package init(columns: [Column] = [], rowCount: Int = 0) {
    (self.columns, self.rowCount) = (columns, rowCount)
  }

  /// The names of its columns, for reading formulas.
  package var names: ColumnNames { ColumnNames(columns.map(\.name)) }

  /// A column by name. Throws ``StudyError`` with the nearest name if there is none.
  ///
  /// - Parameter formula: the formula that names it.
  func column(_ name: String, in formula: String? = nil) throws -> Column {
    // Members of measurements become columns with names joined by “_”.
    let joined = String(name.map { $0 == "." ? "_" : $0 })
    guard let column = columns.first(where: { $0.name == name }) ?? columns.first(where: { $0.name == joined }) else {
      throw StudyError.unknownColumn(name, among: columns.map(\.name).filter { !$0.isEmpty }, in: formula)
    }
    return column
  }

  func has(_ name: String) -> Bool { columns.contains { $0.name == name } }

  /// The numbers of a column; nil for missing cells. Throws ``StudyError`` if any other cell is not a number.
  func numbers(_ name: String, in formula: String? = nil) throws -> [Double?] {
    try column(name, in: formula).cells.map { cell in
      guard let cell, !cell.isMissing else { return nil }
      guard let number = cell.number else {
        if cell.hasNumberWithComma {
          throw StudyError(
            file: "\(cell.place)", expected: "a number with a decimal point in column “\(name)”",
            found: "“\(cell.text)”, with a comma",
            advice: "write decimal points, not decimal commas, and no thousands separators")
        }
        throw StudyError(
          file: "\(cell.place)", expected: "a number in column “\(name)”", found: "“\(cell.text)”",
          advice: "correct the cell, or leave it empty")
      }
      return number
    }
  }

  /// The rows with these numbers, in that order.
  func rows(_ rows: [Int]) -> Table {
    Table(
      columns: columns.map { column in Column(name: column.name, cells: rows.map { column.cells[$0] }) },
      rowCount: rows.count)
  }

  /// The rows of this table, then those of `other`. A row has no cell in a column that its table lacks.
  package func appending(_ other: Table) -> Table {
    let others = Dictionary(other.columns.map { ($0.name, $0.cells) }) { first, _ in first }
    let own = Set(columns.map(\.name))
    var joined = columns.map { column in
      let more = others[column.name]
      return Column(name: column.name, cells: column.cells + (more ?? Array(repeating: nil, count: other.rowCount)))
    }
    for column in other.columns where !own.contains(column.name) {
      joined.append(Column(name: column.name, cells: Array(repeating: nil, count: rowCount) + column.cells))
    }
    return Table(columns: joined, rowCount: rowCount + other.rowCount)
  }
}
