import Support

/// A table of comma-separated lines, a header first, as ``CSVReader`` has them.
public struct CommaSeparated: Sendable, Equatable {
  public let columns: [String]
  public let rows: [[String]]

  private let file: String
  /// Of the fields, row after row.
  private let places: [CSVReader.Place]

  /// Larger files, in bytes, are refused.
  static let largest = 1 << 30

  /// Reads a file. Throws ``StreamError`` where it cannot be read, and `CSVError` with the place where it is no such table.
  ///
  /// - Parameter kind: what the file should be, with an article.
  public init(_ file: String, kind: String) throws {
    try self.init(WholeFile.bytes(file, limit: Self.largest, kind: kind), file: file)
  }

  public init(_ bytes: [UInt8], file: String) throws {
    var reader = try CSVReader(bytes, file: file)
    var (rows, places): ([[String]], [CSVReader.Place]) = ([], [])
    while let fields = try reader.next() {
      rows.append(fields.map(\.text))
      places += fields.map(\.place)
    }
    columns = reader.header.map(\.text)
    (self.file, self.rows, self.places) = (file, rows, places)
  }

  /// The fields of a column; nil where there is none of that name.
  public func fields(_ name: String) -> [String]? {
    columns.firstIndex(of: name).map { column in rows.map { $0[column] } }
  }

  /// The numbers of a column, nil where a field is empty or no number; nil where there is no such column.
  public func numbers(_ name: String) -> [Double?]? { fields(name)?.map { Double($0) } }

  /// Where a field of the table is, with the file: `classes.csv:3:7`; the row where there is no such column.
  public func place(row: Int, column: String) -> String {
    CSVReader.text(places[row * columns.count + (columns.firstIndex(of: column) ?? 0)], in: file)
  }
}
