import Support

/// A comma-separated table with a header line, as ``CSVReader`` reads it.
public struct CSVTable: Sendable, Equatable {
  public let columns: [String]
  public let rows: [[String]]

  private let file: String
  /// The places of the fields, row by row.
  private let places: [CSVReader.Place]

  /// Maximum file size in bytes.
  static let largest = 1 << 30

  /// Reads a file. Throws ``StreamError`` if it cannot be read, and `CSVError` with the place if it is not such a
  /// table.
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

  /// The fields of a column; nil if there is no such column.
  public func fields(_ name: String) -> [String]? {
    columns.firstIndex(of: name).map { column in rows.map { $0[column] } }
  }

  /// The numbers of a column, with nil for a field that holds none; nil if there is no such column.
  public func numbers(_ name: String) -> [Double?]? { fields(name)?.map { Double($0) } }

  /// The place of a field, with the file: `classes.csv:3:7`. If there is no such column, the place of the row.
  public func place(row: Int, column: String) -> String {
    CSVReader.text(places[row * columns.count + (columns.firstIndex(of: column) ?? 0)], in: file)
  }
}
