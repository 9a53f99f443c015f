extension JSONValue {
  /// Parses a document by RFC 8259.
  ///
  /// - Members keep their order, and repeated keys are all kept.
  /// - Keys are kept byte for byte. Keys that differ only in Unicode normalization, as vocabulary pieces may, stay
  ///   distinct; as keys of a dictionary of strings they would not.
  /// - A number without fraction and exponent is an integer if it fits `Int`.
  /// - A byte order mark is skipped, as RFC 8259 (8.1) allows.
  ///
  /// - Its values take at most ``JSONParser/share`` times the memory of its bytes.
  ///
  /// Throws ``JSONError`` if the document is not JSON, is not UTF-8, is nested deeper than ``JSONParser/deepest``, or
  /// has values that take more memory.
  package init(parsing bytes: [UInt8], _ dialect: JSONDialect = .standard) throws {
    self = try bytes.withUnsafeBufferPointer { bytes in
      var parser = JSONParser(bytes: bytes, dialect)
      return try parser.document()
    }
  }

  /// Parses JSON lines: documents that each begin on a line of their own. A single document counts too.
  ///
  /// Throws ``JSONError`` as above, with the line.
  package static func lines(parsing bytes: [UInt8], _ dialect: JSONDialect = .standard) throws -> [JSONValue] {
    try bytes.withUnsafeBufferPointer { bytes in
      var parser = JSONParser(bytes: bytes, dialect)
      return try parser.lines()
    }
  }
}

/// What counts as JSON.
package enum JSONDialect: Sendable {
  /// RFC 8259.
  case standard
  /// Also `NaN`, `Infinity` and `-Infinity`, as Python and JavaScript programs write them. Each is read as `null`.
  case withNonfinite
}

/// A recursive-descent parser over the bytes of a document. It makes a value of the whole document, or walks through it
/// without keeping it; see ``members(_:)``.
package struct JSONParser {
  /// The deepest nesting of arrays and objects.
  static let deepest = 200
  /// Bytes that values may take for each byte of the document.
  static let share = 3
  /// Bytes that values may take in any document.
  private static let freely = 16 << 20

  private static let digits = UInt8(ascii: "0")...UInt8(ascii: "9")

  package let bytes: UnsafeBufferPointer<UInt8>
  /// Index of the next byte.
  package var place = 0
  private let dialect: JSONDialect
  private var depth = 0
  /// Bytes of memory that the values made so far take.
  var taken = 0
  /// The most of them.
  private let most: Int

  package init(bytes: UnsafeBufferPointer<UInt8>, _ dialect: JSONDialect = .standard) {
    (self.bytes, self.dialect) = (bytes, dialect)
    most = Self.freely + Self.share * bytes.count
  }

  mutating func document() throws -> JSONValue { try document { try $0.value() } }

  /// Calls `body`, which takes the only value of the document.
  package mutating func document<Result>(_ body: (inout JSONParser) throws -> Result) throws -> Result {
    place = ByteOrderMark.length(in: bytes)
    let value = try body(&self)
    skipSpace()
    guard place == bytes.count else { throw error("the end of the document") }
    return value
  }

  mutating func lines() throws -> [JSONValue] {
    place = ByteOrderMark.length(in: bytes)
    var values = [try value()]
    while true {
      let end = place
      skipSpace()
      if place == bytes.count { return values }
      do {
        guard bytes[end..<place].contains(where: Self.lineEnds.contains) else { throw error("the end of the document") }
        values.append(try value())
      } catch let error as JSONError {
        throw error.naming(line: line(at: error.byte))
      }
    }
  }

  private static let lineEnds = [UInt8(ascii: "\n"), UInt8(ascii: "\r")]

  /// The line of a byte, from 1.
  private func line(at byte: Int) -> Int { 1 + bytes.prefix(byte).count { $0 == UInt8(ascii: "\n") } }

  func error(_ expected: String, at byte: Int? = nil) -> JSONError {
    let byte = byte ?? place
    guard byte < bytes.count else { return JSONError(byte: byte, expected: expected, found: "the end of the file") }
    let isPrintable = (0x20..<0x7F).contains(bytes[byte])
    let found = isPrintable ? "“\(Character(Unicode.Scalar(bytes[byte])))”" : "byte value \(bytes[byte])"
    return JSONError(byte: byte, expected: expected, found: found)
  }

  var next: UInt8? { place < bytes.count ? bytes[place] : nil }

  package mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { place += 1 }
  }

  /// Consumes `character` if it comes next, and returns whether it did.
  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: character) else { return false }
    place += 1
    return true
  }

  /// The next value.
  package mutating func value() throws -> JSONValue {
    skipSpace()
    switch next {
    case UInt8(ascii: "{"): return try nested { try $0.object() }
    case UInt8(ascii: "["): return try nested { try $0.array() }
    case UInt8(ascii: "\""):
      let text = try string()
      try take(bytes: 0, and: text)
      return .string(text)
    case UInt8(ascii: "t"): return try word("true", .boolean(true))
    case UInt8(ascii: "f"): return try word("false", .boolean(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "N") where dialect == .withNonfinite: return try word("NaN", .null)
    case UInt8(ascii: "I") where dialect == .withNonfinite: return try word("Infinity", .null)
    case UInt8(ascii: "-") where dialect == .withNonfinite && bytes.dropFirst(place + 1).first == UInt8(ascii: "I"):
      return try word("-Infinity", .null)
    case let byte? where byte == UInt8(ascii: "-") || Self.digits.contains(byte): return try number()
    default: throw error("a JSON value")
    }
  }

  @inline(__always)
  mutating func nested<Result>(_ body: (inout JSONParser) throws -> Result) throws -> Result {
    guard depth < Self.deepest else { throw error("at most \(Self.deepest) levels of nested arrays and objects") }
    depth += 1
    defer { depth -= 1 }
    place += 1
    return try body(&self)
  }

  private mutating func object() throws -> JSONValue {
    var members: [JSONValue.Member] = []
    skipSpace()
    if take("}") { return .object(members) }
    try take(bytes: Self.heading)
    repeat {
      skipSpace()
      guard next == UInt8(ascii: "\"") else { throw error("a quoted member name") }
      let key = try string()
      skipSpace()
      guard take(":") else { throw error("a colon") }
      try take(bytes: MemoryLayout<JSONValue.Member>.stride, and: key)
      members.append(JSONValue.Member(key, try value()))
      skipSpace()
    } while take(",")
    guard take("}") else { throw error("a comma or the end of the object") }
    return .object(Self.trimmed(members))
  }

  private mutating func array() throws -> JSONValue {
    var elements: [JSONValue] = []
    skipSpace()
    if take("]") { return .array(elements) }
    try take(bytes: Self.heading)
    repeat {
      try take(bytes: MemoryLayout<JSONValue>.stride)
      elements.append(try value())
      skipSpace()
    } while take(",")
    guard take("]") else { throw error("a comma or the end of the array") }
    return .array(Self.trimmed(elements))
  }

  /// Bytes of the allocator and the header for every array, and for every string that is not kept in place.
  private static let heading = 48
  /// Bytes of a string that are kept in place.
  private static let inPlace = 15

  /// Counts the memory of a value, and of a text in it. Throws ``JSONError`` if the document takes too much.
  @inline(__always)
  mutating func take(bytes count: Int, and text: String = "") throws {
    let length = text.utf8.count
    taken += count + (length > Self.inPlace ? length + Self.heading : 0)
    if taken > most { throw tooMany }
  }

  private var tooMany: JSONError {
    JSONError(
      byte: place, expected: "values that take at most \(ByteCount.describe(most)) of memory",
      found: "more small values than such a file has", advice: "check that this is the right file, or split it")
  }

  /// Frees what was counted so far, for a walk that does not keep it.
  package mutating func forget() { taken = 0 }

  /// The same elements without room for more.
  private static func trimmed<Element>(_ elements: [Element]) -> [Element] {
    elements.capacity > elements.count + elements.count / 8 + 4
      ? [Element](unsafeUninitializedCapacity: elements.count) { buffer, count in
        count = buffer.initialize(fromContentsOf: elements)
      } : elements
  }

  private mutating func word(_ word: StaticString, _ value: JSONValue) throws -> JSONValue {
    let text = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
    guard bytes[place...].starts(with: text) else { throw error("\(word)") }
    place += text.count
    return value
  }

  private mutating func number() throws -> JSONValue {
    let start = place
    _ = take("-")
    let whole = place
    let digits = skipDigits()
    guard digits > 0, digits == 1 || bytes[whole] != UInt8(ascii: "0") else { throw error("a number", at: start) }
    var isInteger = true
    if take(".") {
      isInteger = false
      guard skipDigits() > 0 else { throw error("digits") }
    }
    if take("e") || take("E") {
      isInteger = false
      if !take("+") { _ = take("-") }
      guard skipDigits() > 0 else { throw error("digits") }
    }
    let text = String(decoding: bytes[start..<place], as: UTF8.self)
    if isInteger, let integer = Int(text) { return .integer(integer) }
    guard let number = Double(text), number.isFinite else { throw error("a number that fits a double", at: start) }
    return .number(number)
  }

  /// Consumes the digits that come next and returns how many there were.
  private mutating func skipDigits() -> Int {
    let start = place
    while let byte = next, Self.digits.contains(byte) { place += 1 }
    return place - start
  }
}
