/// Reads CSV (RFC 4180) with a header line, row by row, with the position of each field.
///
/// - Fields are separated by commas, tabs or semicolons: by those that the header line has outside quotes.
/// - Lines end in LF, CRLF or CR. A byte order mark, empty lines and a last line without a line break are accepted.
/// - Quoted fields may contain commas, line breaks and doubled quotes. Spaces and tabs around the quotes are not part
///   of the field.
/// - Every line has the same number of fields as the header.
package struct CSVReader {
  /// Where a field begins. Both count from 1, columns in Unicode scalars; they wrap around at 2³¹.
  package struct Position: Sendable, Equatable {
    package let line: Int32
    package let column: Int32
  }

  package struct Field: Sendable, Equatable {
    package let text: String
    package let isQuoted: Bool
    package let place: Position
  }

  /// The fields of the header line.
  package private(set) var header: [Field] = []
  /// The byte between fields.
  private var separator = UInt8(ascii: ",")

  private let file: String
  private let bytes: [UInt8]
  private var index = 0
  private var line: Int32 = 1
  /// How far columns of the current line have been counted, and the column there.
  private var counted: (index: Int, column: Int32) = (0, 1)

  /// Reads the header line. Throws ``CSVError`` if there is none, if it is malformed, or if two separators would do.
  package init(_ bytes: [UInt8], file: String) throws {
    (self.file, self.bytes) = (file, bytes)
    index = ByteOrderMark.length(in: bytes)
    counted.index = index
    separator = try fittingSeparator()
    guard let header = try fields() else {
      throw CSVError(
        Diagnosis(file: file, expected: "a line of column names", found: "nothing", advice: "name another file"))
    }
    self.header = header
  }

  /// The fields of the next non-empty line, or nil at the end. Throws ``CSVError`` if the number of fields differs from
  /// the header's, if a field is not UTF-8, or if a quote is out of place.
  package mutating func next() throws -> [Field]? {
    guard let fields = try fields() else { return nil }
    guard fields.count == header.count else {
      let place = fields[min(header.count, fields.count - 1)].place
      throw error(
        place, "\(header.count) fields, as in the first line", "\(fields.count)",
        "check for a missing separator, or quote a field that contains one")
    }
    return fields
  }

  /// A position as editors write it: `table.csv:3:7`.
  package static func text(_ place: Position, in file: String) -> String { "\(file):\(place.line):\(place.column)" }

  private var current: UInt8? { index < bytes.count ? bytes[index] : nil }

  /// All separators, in order of preference, with their names.
  private static let separators: KeyValuePairs<UInt8, String> = [
    UInt8(ascii: ","): "commas", UInt8(ascii: "\t"): "tabs", UInt8(ascii: ";"): "semicolons",
  ]

  /// The one separator in the header. If there are several, the one that gives the next line as many fields.
  private func fittingSeparator() throws -> UInt8 {
    let present = Self.separators.filter { separatorsInHeader.contains($0.key) }
    guard present.count > 1 else { return present.first?.key ?? separator }
    let fitting = present.filter { fits($0.key) }
    guard fitting.count < 2 else {
      throw CSVError(
        Diagnosis(
          file: "\(file):\(line)", expected: "one separator between fields",
          found: fitting.map(\.value).joined(separator: " and ") + ", and either gives lines of equal length",
          advice: "put column names that contain a separator in quotes"))
    }
    return fitting.first?.key ?? present[0].key
  }

  /// The separators in the header line outside quotes.
  private var separatorsInHeader: Set<UInt8> {
    let start = bytes[index...].drop { Self.lineEnds.contains($0) }
    var (found, isQuoted): (Set<UInt8>, Bool) = ([], false)
    for byte in start {
      if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
      if isQuoted { continue }
      if Self.lineEnds.contains(byte) { break }
      found.insert(byte)
    }
    return found
  }

  /// Whether header and next line have the same number of fields with this separator.
  private func fits(_ separator: UInt8) -> Bool {
    var trial = self
    trial.separator = separator
    guard let header = try? trial.fields(), let next = try? trial.fields() else { return false }
    return header.count == next.count
  }

  private mutating func fields() throws -> [Field]? {
    while takeLineEnd() {}
    guard current != nil else { return nil }
    var fields = [try field()]
    while current == separator {
      index += 1
      fields.append(try field())
    }
    guard current == nil || takeLineEnd() else {
      throw error(place(), "a separator or the end of the line after a quoted field", "more text", Self.quoting)
    }
    return fields
  }

  private mutating func field() throws -> Field {
    let start = index
    skipSpace()
    guard current != UInt8(ascii: "\"") else { return try quoted() }
    index = start
    let place = place()
    while let byte = current, byte != separator, !Self.lineEnds.contains(byte) {
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
          skipSpace()
          return Field(text: try text(content[...], place), isQuoted: true, place: place)
        }
        index += 1
      }
      content.append(byte)
      if byte == UInt8(ascii: "\n") { startLine() }
    }
    throw error(place, "a closing quote", "the end of the file", "close the quote")
  }

  /// Skips spaces and tabs that are not separators.
  private mutating func skipSpace() {
    while let byte = current, byte != separator, byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") { index += 1 }
  }

  private static let lineEnds = [UInt8(ascii: "\n"), UInt8(ascii: "\r")]
  private static let quoting = "quote the whole field, and double the quotes inside it"

  private mutating func takeLineEnd() -> Bool {
    guard let byte = current, Self.lineEnds.contains(byte) else { return false }
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
  private mutating func place() -> Position {
    // Every byte except UTF-8 continuation bytes starts a character.
    for byte in bytes[counted.index..<index] where byte & 0xC0 != 0x80 { counted.column &+= 1 }
    counted.index = index
    return Position(line: line, column: counted.column)
  }

  private func text(_ bytes: ArraySlice<UInt8>, _ place: Position) throws -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw error(place, "UTF-8 text", "other bytes", "save the table as CSV in UTF-8")
    }
    return text
  }

  private func error(_ place: Position, _ expected: String, _ found: String, _ advice: String) -> CSVError {
    CSVError(Diagnosis(file: Self.text(place, in: file), expected: expected, found: found, advice: advice))
  }
}

/// Malformed CSV.
package struct CSVError: DiagnosedError, Equatable {
  package let diagnosis: Diagnosis

  init(_ diagnosis: Diagnosis) { self.diagnosis = diagnosis }

  package var isBadInput: Bool { true }
}
