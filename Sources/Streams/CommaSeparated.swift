import Embeddings

/// A table of comma-separated lines, a header first, as RFC 4180 has it.
///
/// - Lines end in LF or CRLF; a quoted field may hold both, and commas, and quotes doubled.
/// - Each line has as many fields as the header.
public struct CommaSeparated: Sendable, Equatable {
  public let columns: [String]
  public let rows: [[String]]

  /// Larger files, in bytes, are refused.
  static let largest = 1 << 30

  /// Reads a file. Throws ``StreamError`` where it cannot be read, and with the line where it is no such table.
  ///
  /// - Parameter kind: what the file should be, with an article.
  public init(_ file: String, kind: String) throws {
    try self.init(WholeFile.bytes(file, limit: Self.largest, kind: kind), file: file, kind: kind)
  }

  public init(_ bytes: [UInt8], file: String, kind: String) throws {
    func malformed(_ line: Int, _ expected: String, _ found: String) -> StreamError {
      StreamError(
        .unknownFormat,
        Diagnosis(
          file: file, position: "line \(line)", expected: expected, found: found,
          advice: "name \(kind), a header and lines of as many fields"))
    }
    var reader = Reader(bytes)
    guard let header = try reader.next(malformed), header.count > 1 || header[0] != "" else {
      throw malformed(1, "the names of columns", "an empty line or none")
    }
    columns = header
    var rows: [[String]] = []
    while true {
      let line = reader.line
      guard let fields = try reader.next(malformed) else { break }
      guard fields.count == header.count else { throw malformed(line, "\(header.count) fields", "\(fields.count)") }
      rows.append(fields)
    }
    self.rows = rows
  }

  /// The fields of a column; nil where there is none of that name.
  public func fields(_ name: String) -> [String]? {
    columns.firstIndex(of: name).map { column in rows.map { $0[column] } }
  }

  /// The numbers of a column, nil where a field is empty or no number; nil where there is no such column.
  public func numbers(_ name: String) -> [Double?]? { fields(name)?.map { Double($0) } }
}

/// Splits bytes into records.
private struct Reader {
  private let bytes: [UInt8]
  private var place = 0
  /// Of the record that comes next, counted from 1.
  private(set) var line = 1

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The fields of the next record; nil at the end.
  mutating func next(_ malformed: (Int, String, String) -> StreamError) throws -> [String]? {
    guard place < bytes.count else { return nil }
    let start = line
    var fields: [String] = []
    while true {
      var field: [UInt8] = []
      if place < bytes.count, bytes[place] == UInt8(ascii: "\"") {
        guard quoted(&field) else { throw malformed(start, "a quote that ends the field", "the end of the file") }
      } else {
        while place < bytes.count, !Self.ends.contains(bytes[place]) {
          field.append(bytes[place])
          place += 1
        }
      }
      fields.append(String(decoding: field, as: UTF8.self))
      if place < bytes.count, bytes[place] == UInt8(ascii: ",") {
        place += 1
        continue
      }
      if place < bytes.count, bytes[place] == UInt8(ascii: "\r") { place += 1 }
      guard place == bytes.count || bytes[place] == UInt8(ascii: "\n") else {
        throw malformed(start, "a comma or the end of the line after a field", "more of it")
      }
      place = min(place + 1, bytes.count)
      line += 1
      return fields
    }
  }

  private static let ends: [UInt8] = [UInt8(ascii: ","), UInt8(ascii: "\n"), UInt8(ascii: "\r")]

  /// Takes a field in quotes; false where it has no end.
  private mutating func quoted(_ field: inout [UInt8]) -> Bool {
    place += 1
    while place < bytes.count {
      let byte = bytes[place]
      place += 1
      if byte == UInt8(ascii: "\n") { line += 1 }
      guard byte == UInt8(ascii: "\"") else {
        field.append(byte)
        continue
      }
      guard place < bytes.count, bytes[place] == UInt8(ascii: "\"") else { return true }
      field.append(byte)
      place += 1
    }
    return false
  }
}
