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

  /// A field by its bytes, without a text of its own.
  package struct RawField: Sendable {
    /// Its content, without the quotes around it.
    package let content: Range<Int>
    package let isQuoted: Bool
    /// Whether it contains doubled quotes.
    let hasDoubledQuotes: Bool
    /// Where it begins: the byte, its line, and the first byte of that line.
    let start: Int
    let line: Int32
    let lineStart: Int
  }

  /// The fields of the header line.
  package private(set) var header: [Field] = []
  /// The byte between fields.
  private var separator = UInt8(ascii: ",")

  private let file: String
  private let bytes: [UInt8]
  /// The next byte.
  package private(set) var index = 0
  private var line: Int32 = 1
  /// The first byte of the current line.
  private var lineStart = 0
  /// The fields of the line read last.
  private var raw: [RawField] = []

  /// Reads the header line. Throws ``CSVError`` if there is none, if it is malformed, or if two separators would do.
  package init(_ bytes: [UInt8], file: String) throws {
    (self.file, self.bytes) = (file, bytes)
    index = ByteOrderMark.length(in: bytes)
    lineStart = index
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
    guard let raw = try nextRaw() else { return nil }
    return try texts(raw)
  }

  /// The fields of the next non-empty line by their bytes, which may not be UTF-8; nil at the end. Throws as ``next()``.
  package mutating func nextRaw() throws -> [RawField]? {
    guard try readLine() else { return nil }
    guard raw.count == header.count else {
      throw error(
        place(raw[min(header.count, raw.count - 1)]), "\(header.count) fields, as in the first line", "\(raw.count)",
        "check for a missing separator, or quote a field that contains one")
    }
    return raw
  }

  /// Goes to a line that was read before, or to its end.
  package mutating func go(to line: RawField) {
    (index, self.line, lineStart) = (line.start, line.line, line.lineStart)
  }

  /// The text of a field. Throws ``CSVError`` if it is not UTF-8.
  package func text(_ field: RawField) throws -> String {
    let content = bytes[field.content]
    let text =
      field.hasDoubledQuotes
      ? String(validating: Self.withoutDoubledQuotes(content), as: UTF8.self)
      : String(validating: content, as: UTF8.self)
    guard let text else { throw error(place(field), "UTF-8 text", "other bytes", "save the table as CSV in UTF-8") }
    return text
  }

  /// Throws ``CSVError`` if a field is not UTF-8.
  package func check(_ field: RawField) throws {
    // Most fields are ASCII, and need no text.
    if bytes[field.content].contains(where: { $0 >= 0x80 }) { _ = try text(field) }
  }

  /// The position of a field.
  package func place(_ field: RawField) -> Position {
    Position(line: field.line, column: column(of: field.start, after: (field.lineStart, 1)))
  }

  private static func withoutDoubledQuotes(_ content: ArraySlice<UInt8>) -> [UInt8] {
    var (plain, isSecond): ([UInt8], Bool) = ([], false)
    for byte in content {
      isSecond = byte == UInt8(ascii: "\"") && !isSecond
      if byte != UInt8(ascii: "\"") || isSecond { plain.append(byte) }
    }
    return plain
  }

  private func texts(_ raw: [RawField]) throws -> [Field] {
    var counted = (index: raw.first?.lineStart ?? 0, column: Int32(1))
    return try raw.map { field in
      // A quoted field before it may have begun another line.
      if field.lineStart > counted.index { counted = (field.lineStart, 1) }
      counted = (field.start, column(of: field.start, after: counted))
      return Field(
        text: try text(field), isQuoted: field.isQuoted,
        place: Position(line: field.line, column: counted.column))
    }
  }

  /// The column of a byte, counted on from one before it in the same line.
  private func column(of index: Int, after counted: (index: Int, column: Int32)) -> Int32 {
    // Every byte except UTF-8 continuation bytes starts a character.
    bytes[counted.index..<index].reduce(counted.column) { $1 & 0xC0 != 0x80 ? $0 &+ 1 : $0 }
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

  private mutating func fields() throws -> [Field]? { try readLine() ? try texts(raw) : nil }

  /// Finds the fields of the next non-empty line; false at the end.
  private mutating func readLine() throws -> Bool {
    while takeLineEnd() {}
    guard current != nil else { return false }
    raw.removeAll(keepingCapacity: true)
    raw.append(try field())
    while current == separator {
      index += 1
      raw.append(try field())
    }
    guard current == nil || takeLineEnd() else {
      throw error(place(), "a separator or the end of the line after a quoted field", "more text", Self.quoting)
    }
    return true
  }

  private mutating func field() throws -> RawField {
    let start = index
    skipSpace()
    guard current != UInt8(ascii: "\"") else { return try quoted() }
    index = start
    while let byte = current, byte != separator, !Self.isLineEnd(byte) {
      guard byte != UInt8(ascii: "\"") else {
        throw error(self.place(), "quotes around the whole field", "a quote inside it", Self.quoting)
      }
      index += 1
    }
    return RawField(
      content: start..<index, isQuoted: false, hasDoubledQuotes: false, start: start, line: line, lineStart: lineStart)
  }

  private mutating func quoted() throws -> RawField {
    let (start, line, lineStart) = (index, line, lineStart)
    index += 1
    var isDoubled = false
    while let byte = current {
      index += 1
      if byte == UInt8(ascii: "\"") {
        guard current == UInt8(ascii: "\"") else {
          let content = start + 1..<index - 1
          skipSpace()
          return RawField(
            content: content, isQuoted: true, hasDoubledQuotes: isDoubled, start: start, line: line,
            lineStart: lineStart)
        }
        isDoubled = true
        index += 1
      }
      if byte == UInt8(ascii: "\n") { startLine() }
    }
    let place = Position(line: line, column: column(of: start, after: (lineStart, 1)))
    throw error(place, "a closing quote", "the end of the file", "close the quote")
  }

  /// Skips spaces and tabs that are not separators.
  private mutating func skipSpace() {
    while let byte = current, byte != separator, byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") { index += 1 }
  }

  private static func isLineEnd(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") }
  private static let lineEnds = [UInt8(ascii: "\n"), UInt8(ascii: "\r")]
  private static let quoting = "quote the whole field, and double the quotes inside it"

  private mutating func takeLineEnd() -> Bool {
    guard let byte = current, Self.isLineEnd(byte) else { return false }
    index += 1
    if byte == UInt8(ascii: "\r"), current == UInt8(ascii: "\n") { index += 1 }
    startLine()
    return true
  }

  private mutating func startLine() {
    line &+= 1
    lineStart = index
  }

  /// The position of the next byte.
  private func place() -> Position { Position(line: line, column: column(of: index, after: (lineStart, 1))) }

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
