import Support

/// A comma-separated table with a header line, as ``CSVReader`` reads it.
package struct CSVTable: Sendable, Equatable {
  package let columns: [String]
  package let rows: [[String]]

  private let file: String
  /// The places of the fields, row by row.
  private let places: [CSVReader.Position]

  /// Maximum file size in bytes.
  static let largest = 1 << 30

  /// Reads a file. Throws ``StreamError`` if it cannot be read, and `CSVError` with the place if it is not such a
  /// table.
  ///
  /// - Parameter kind: what the file should be, with an article.
  package init(_ file: String, kind: String) throws {
    try self.init(WholeFile.bytes(file, limit: Self.largest, kind: kind), file: file)
  }

  package init(_ bytes: [UInt8], file: String) throws {
    var reader = try CSVReader(bytes, file: file)
    var (rows, places): ([[String]], [CSVReader.Position]) = ([], [])
    while let fields = try reader.next() {
      rows.append(fields.map(\.text))
      places += fields.map(\.place)
    }
    columns = reader.header.map(\.text)
    (self.file, self.rows, self.places) = (file, rows, places)
  }

  /// The fields of a column; nil if there is no such column.
  package func fields(_ name: String) -> [String]? {
    columns.firstIndex(of: name).map { column in rows.map { $0[column] } }
  }

  /// The numbers of a column, with nil for a field that holds none; nil if there is no such column.
  package func numbers(_ name: String) -> [Double?]? { fields(name)?.map { Double($0) } }

  /// The place of a field, with the file: `classes.csv:3:7`. If there is no such column, the place of the row.
  package func place(row: Int, column: String) -> String {
    CSVReader.text(places[row * columns.count + (columns.firstIndex(of: column) ?? 0)], in: file)
  }
}
