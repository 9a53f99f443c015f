import Support

/// A comma-separated table with a header line, as ``CSVReader`` reads it.
///
/// Memory holds the file's bytes and little more: fields are found again when they are asked for, column by column.
package struct CSVTable: Sendable {
  package let columns: [String]
  package let rowCount: Int

  private let file: String
  /// At the first row.
  private let reader: CSVReader
  /// The first field of every ``stride``-th row.
  private let marks: [CSVReader.RawField]

  private static let stride = 256

  /// Maximum file size in bytes.
  private static let largest = 1 << 30

  /// Reads a file. Throws ``StreamError`` if it cannot be read, and `CSVError` with the place if it is not such a
  /// table.
  ///
  /// - Parameter kind: what the file should be, with an article.
  package init(_ file: String, kind: String) throws {
    try self.init(WholeFile.bytes(file, limit: Self.largest, kind: kind), file: file)
  }

  package init(_ bytes: [UInt8], file: String) throws {
    reader = try CSVReader(bytes, file: file)
    columns = reader.header.map(\.text)
    self.file = file
    var (row, rows, marks): (CSVReader, Int, [CSVReader.RawField]) = (reader, 0, [])
    while let fields = try row.nextRaw() {
      for field in fields { try row.check(field) }
      if rows % Self.stride == 0 {
        try Task.checkCancellation()
        marks.append(fields[0])
      }
      rows += 1
    }
    (rowCount, self.marks) = (rows, marks)
  }

  /// Calls `body` with every text of a column; false if there is no such column.
  package func forEach(in name: String, _ body: (String) throws -> Void) throws -> Bool {
    guard let column = columns.firstIndex(of: name) else { return false }
    var row = reader
    while let fields = try row.nextRaw() { try body(row.text(fields[column])) }
    return true
  }

  /// Calls `body` with every text of a column that exists. The table was checked before.
  package func forEachChecked(in name: String, _ body: (String) throws -> Void) rethrows {
    guard let column = columns.firstIndex(of: name) else { return }
    var row = reader
    while let fields = (try? row.nextRaw()) ?? nil, let text = try? row.text(fields[column]) { try body(text) }
  }

  /// The numbers of a column, undefined where a field holds none; nil if there is no such column.
  package func numbers(_ name: String) throws -> OptionalNumbers? {
    var numbers = OptionalNumbers(capacity: rowCount)
    return try forEach(in: name) { numbers.append(Double($0)) } ? numbers : nil
  }

  /// Calls `body` with every row: its number, its fields, and what gives the text of a field.
  package func scanRows(
    _ body: (_ row: Int, _ fields: [CSVReader.RawField], _ text: (CSVReader.RawField) throws -> String) throws -> Void
  ) throws {
    var (row, number) = (reader, 0)
    while let fields = try row.nextRaw() {
      if number % Self.stride == 0 { try Task.checkCancellation() }
      try body(number, fields) { try row.text($0) }
      number += 1
    }
  }

  /// Calls `body` with the texts of every row.
  package func forEachRow(_ body: ([String]) throws -> Void) throws {
    var row = reader
    while let fields = try row.next() { try body(fields.map(\.text)) }
  }

  /// The texts of a row.
  package func row(_ number: Int) throws -> [String] { try fields(ofRow: number).map(\.text) }

  /// The place of a field, with the file: `classes.csv:3:7`. If there is no such column, the place of the row.
  package func place(row: Int, column: String) throws -> String {
    CSVReader.text(try fields(ofRow: row)[columns.firstIndex(of: column) ?? 0].place, in: file)
  }

  private func fields(ofRow number: Int) throws -> [CSVReader.Field] {
    var row = reader
    row.go(to: marks[number / Self.stride])
    for _ in 0..<number % Self.stride { _ = try row.nextRaw() }
    return try row.next() ?? []
  }
}
