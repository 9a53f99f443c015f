/// Comma-separated lines as RFC 4180 has them, one after another, the first of which names columns; each field with its
/// place.
///
/// - Lines end in LF, CRLF or CR; a byte order mark, lines without anything and a last line without an end are fine.
/// - Quoted fields may hold commas, lines' ends and quotes, which are doubled; spaces and tabs around the quotes are no part
///   of the field.
/// - Each line has as many fields as the first.
public struct CSVReader {
  /// Where a field begins; both count from 1, columns in characters (Unicode scalars). Beyond 2³¹ they begin anew.
  public struct Place: Sendable, Equatable {
    public let line: Int32
    public let column: Int32
  }

  public struct Field: Sendable, Equatable {
    public let text: String
    public let isQuoted: Bool
    public let place: Place
  }

  /// The fields of the first line.
  public let header: [Field]

  private let file: String
  private let bytes: [UInt8]
  private var index = 0
  private var line: Int32 = 1
  /// Characters of the line that come before `index`, as far as they have been counted.
  private var counted: (index: Int, column: Int32) = (0, 1)

  /// Reads the first line. Throws ``CSVError`` where there is none, or at what is out of place in it.
  public init(_ bytes: [UInt8], file: String) throws {
    (self.file, self.bytes) = (file, bytes)
    index = ByteOrderMark.length(in: bytes)
    counted.index = index
    var reader = CSVReader(file: file, bytes: bytes, index: index, counted: counted)
    guard let header = try reader.fields() else {
      throw CSVError(
        Diagnosis(file: file, expected: "a line that names columns", found: "nothing", advice: "name another file"))
    }
    self.header = header
    (index, line, counted) = (reader.index, reader.line, reader.counted)
  }

  private init(file: String, bytes: [UInt8], index: Int, counted: (index: Int, column: Int32)) {
    (self.file, self.bytes, self.index, self.counted) = (file, bytes, index, counted)
    header = []
  }

  /// The fields of the next line that has any; nil at the end. Throws ``CSVError`` at another number of fields than the
  /// first line has, at bytes that are no UTF-8, and at a quote that is out of place.
  public mutating func next() throws -> [Field]? {
    guard let fields = try fields() else { return nil }
    guard fields.count == header.count else {
      let place = fields[min(header.count, fields.count - 1)].place
      throw error(
        place, "\(header.count) fields, as the first line has", "\(fields.count)",
        "check for a missing comma, or quote a field that holds one")
    }
    return fields
  }

  /// Where a place is, as editors have it: `table.csv:3:7`.
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
      throw error(place(), "a comma or the end of the line after a quoted field", "more of it", Self.quoting)
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
        throw error(self.place(), "quotes around a whole field", "a quote within one", Self.quoting)
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
    throw error(place, "a quote at the end of a quoted field", "the end of the file", "close the quote")
  }

  private static let ends: [UInt8] = [UInt8(ascii: ","), UInt8(ascii: "\n"), UInt8(ascii: "\r")]
  private static let quoting = "quote the whole field, and double quotes in it"

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

  /// Of what comes next.
  private mutating func place() -> Place {
    // Every byte but those that go on with a character begins one.
    for byte in bytes[counted.index..<index] where byte & 0xC0 != 0x80 { counted.column &+= 1 }
    counted.index = index
    return Place(line: line, column: counted.column)
  }

  private func text(_ bytes: ArraySlice<UInt8>, _ place: Place) throws -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw error(place, "text in UTF-8", "other bytes", "save the table as CSV in UTF-8")
    }
    return text
  }

  private func error(_ place: Place, _ expected: String, _ found: String, _ advice: String) -> CSVError {
    CSVError(Diagnosis(file: Self.text(place, in: file), expected: expected, found: found, advice: advice))
  }
}

/// Where comma-separated lines are none.
public struct CSVError: DiagnosedError, Equatable {
  public let diagnosis: Diagnosis

  init(_ diagnosis: Diagnosis) { self.diagnosis = diagnosis }

  public var isBadInput: Bool { true }
}
