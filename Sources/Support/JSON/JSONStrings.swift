extension JSONParser {
  /// Parses a string, starting at its opening quote.
  package mutating func string() throws -> String {
    place += 1
    let start = place
    var unescaped: [UInt8]?
    var run = start
    while let byte = next, byte != UInt8(ascii: "\"") {
      guard byte >= 0x20 else { throw error("no control character in a string") }
      guard byte == UInt8(ascii: "\\") else {
        place += 1
        continue
      }
      unescaped = unescaped ?? []
      unescaped?.append(contentsOf: bytes[run..<place])
      unescaped?.append(contentsOf: String(try escape()).utf8)
      run = place
    }
    guard next != nil else { throw error("the end of a string") }
    let rest = bytes[run..<place]
    place += 1
    let text = unescaped.map { String(validating: $0 + rest, as: UTF8.self) } ?? String(validating: rest, as: UTF8.self)
    guard let text else { throw error("a UTF-8 string", at: start) }
    return text
  }

  /// Takes a string, starting at its opening quote, without making it.
  mutating func skipString() throws {
    let start = place
    var isASCII = true
    place += 1
    while let byte = next, byte != UInt8(ascii: "\"") {
      guard byte >= 0x20 else { throw error("no control character in a string") }
      if byte == UInt8(ascii: "\\") {
        _ = try escape()
      } else {
        isASCII = isASCII && byte < 0x80
        place += 1
      }
    }
    guard next != nil else { throw error("the end of a string") }
    place += 1
    if isASCII { return }
    // It has to be UTF-8, which making it checks.
    place = start
    _ = try string()
  }

  private mutating func escape() throws -> Unicode.Scalar {
    let start = place
    place += 1
    guard let byte = next else { throw error("an escape") }
    place += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): break
    default: throw error("an escape", at: start)
    }
    let unit = try hexadecimal()
    if let scalar = Unicode.Scalar(unit) { return scalar }
    guard (0xD800..<0xDC00).contains(unit), take("\\"), take("u") else { throw error("a surrogate pair", at: start) }
    let second = try hexadecimal()
    guard (0xDC00..<0xE000).contains(second),
      let scalar = Unicode.Scalar(0x1_0000 + (unit - 0xD800) << 10 + (second - 0xDC00))
    else { throw error("a surrogate pair", at: start) }
    return scalar
  }

  /// Parses the four hexadecimal digits of an escape.
  private mutating func hexadecimal() throws -> UInt32 {
    var unit: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw error("four hexadecimal digits")
      }
      unit = unit << 4 | UInt32(digit)
      place += 1
    }
    return unit
  }
}
