/// Reads CSV (RFC 4180) with a header line, row by row, with the position of each field.
///
/// - Lines end in LF, CRLF or CR. A byte order mark, empty lines and a last line without a line break are accepted.
/// - Quoted fields may contain commas, line breaks and doubled quotes. Spaces and tabs around the quotes are not part
///   of the field.
/// - Every line has the same number of fields as the header.
public struct CSVReader {
  /// Where a field begins. Both count from 1, columns in Unicode scalars; they wrap around at 2³¹.
  public struct Place: Sendable, Equatable {
    public let line: Int32
    public let column: Int32
  }

  public struct Field: Sendable, Equatable {
    public let text: String
    public let isQuoted: Bool
    public let place: Place
  }

  /// The fields of the header line.
  public private(set) var header: [Field] = []

  private let file: String
  private let bytes: [UInt8]
  private var index = 0
  private var line: Int32 = 1
  /// How far columns of the current line have been counted, and the column there.
  private var counted: (index: Int, column: Int32) = (0, 1)

  /// Reads the header line. Throws ``CSVError`` if there is none or it is malformed.
  public init(_ bytes: [UInt8], file: String) throws {
    (self.file, self.bytes) = (file, bytes)
    index = ByteOrderMark.length(in: bytes)
    counted.index = index
    guard let header = try fields() else {
      throw CSVError(
        Diagnosis(file: file, expected: "a line of column names", found: "nothing", advice: "name another file"))
    }
    self.header = header
  }

  /// The fields of the next non-empty line, or nil at the end. Throws ``CSVError`` if the number of fields differs from
  /// the header's, if a field is not UTF-8, or if a quote is out of place.
  public mutating func next() throws -> [Field]? {
    guard let fields = try fields() else { return nil }
    guard fields.count == header.count else {
      let place = fields[min(header.count, fields.count - 1)].place
      throw error(
        place, "\(header.count) fields, as in the first line", "\(fields.count)",
        "check for a missing comma, or quote a field that contains one")
    }
    return fields
  }

  /// A position as editors write it: `table.csv:3:7`.
  public static func text(_ place: Place, in file: String) -> String { "\(file):\(place.line):\(place.column)" }

  private var current: UInt8? { index < bytes.count ? bytes[index] : nil }

  private mutating func fields() throws -> [Field]? {
    while takeLineEnd() {}
    guard current != nil else { return nil }
    var fields = [try field()]
    while current == UInt8(ascii: ",") {
      index += 1
      fields.append(try field())
    }
    guard current == nil || takeLineEnd() else {
      throw error(place(), "a comma or the end of the line after a quoted field", "more text", Self.quoting)
    }
    return fields
  }

  private mutating func field() throws -> Field {
    let start = index
    while current == UInt8(ascii: " ") || current == UInt8(ascii: "\t") { index += 1 }
    guard current != UInt8(ascii: "\"") else { return try quoted() }
    index = start
    let place = place()
    while let byte = current, !Self.ends.contains(byte) {
      guard byte != UInt8(ascii: "\"") else {
        throw error(self.place(), "quotes around the whole field", "a quote inside it", Self.quoting)
      }
      index += 1
    }
    return Field(text: try text(bytes[start..<index], place), isQuoted: false, place: place)
  }

  private mutating func quoted() throws -> Field {
    let place = place()
    index += 1
    var content: [UInt8] = []
    while let byte = current {
      index += 1
      if byte == UInt8(ascii: "\"") {
        guard current == UInt8(ascii: "\"") else {
          while current == UInt8(ascii: " ") || current == UInt8(ascii: "\t") { index += 1 }
          return Field(text: try text(content[...], place), isQuoted: true, place: place)
        }
        index += 1
      }
      content.append(byte)
      if byte == UInt8(ascii: "\n") { startLine() }
    }
    throw error(place, "a closing quote", "the end of the file", "close the quote")
  }

  private static let ends: [UInt8] = [UInt8(ascii: ","), UInt8(ascii: "\n"), UInt8(ascii: "\r")]
  private static let quoting = "quote the whole field, and double the quotes inside it"

  private mutating func takeLineEnd() -> Bool {
    guard let byte = current, byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") else { return false }
    index += 1
    if byte == UInt8(ascii: "\r"), current == UInt8(ascii: "\n") { index += 1 }
    startLine()
    return true
  }

  private mutating func startLine() {
    line &+= 1
    counted = (index, 1)
  }

  /// The position of the next byte.
  private mutating func place() -> Place {
    // Every byte except UTF-8 continuation bytes starts a character.
    for byte in bytes[counted.index..<index] where byte & 0xC0 != 0x80 { counted.column &+= 1 }
    counted.index = index
    return Place(line: line, column: counted.column)
  }

  private func text(_ bytes: ArraySlice<UInt8>, _ place: Place) throws -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw error(place, "UTF-8 text", "other bytes", "save the table as CSV in UTF-8")
    }
    return text
  }

  private func error(_ place: Place, _ expected: String, _ found: String, _ advice: String) -> CSVError {
    CSVError(Diagnosis(file: Self.text(place, in: file), expected: expected, found: found, advice: advice))
  }
}

/// Malformed CSV.
public struct CSVError: DiagnosedError, Equatable {
  public let diagnosis: Diagnosis

  init(_ diagnosis: Diagnosis) { self.diagnosis = diagnosis }

  public var isBadInput: Bool { true }
}
