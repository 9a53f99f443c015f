/// The Python literals of an NPY header: dictionaries of strings, truth values, integers, tuples and lists.
///
/// NumPy's own scalars are read as well. Programs that format a header themselves write them as NumPy 2 shows them:
/// `np.int64(5)`, `np.True_`, `np.str_('<f4')`.
package enum PythonLiteral: Equatable {
  case string(String)
  case bool(Bool)
  case int(Int)
  case none
  /// A tuple or a list.
  case sequence([PythonLiteral])
  case dictionary([String: PythonLiteral])

  /// Parses one literal; nil if the text is anything else, or nested more than eight levels deep.
  package init?(_ text: some StringProtocol) {
    var parser = Parser(text.utf8.map { $0 })
    guard let value = parser.value(depth: 8) else { return nil }
    parser.skipSpace()
    guard parser.index == parser.bytes.count else { return nil }
    self = value
  }

  private struct Parser {
    let bytes: [UInt8]
    var index = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func skipSpace() {
      while index < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[index]) { index += 1 }
    }

    mutating func take(_ character: Character) -> Bool {
      skipSpace()
      guard index < bytes.count, bytes[index] == character.asciiValue else { return false }
      index += 1
      return true
    }

    mutating func value(depth: Int) -> PythonLiteral? {
      guard depth > 0 else { return nil }
      if take("{") { return dictionary(depth: depth) }
      if take("(") { return sequence(until: ")", depth: depth) }
      if take("[") { return sequence(until: "]", depth: depth) }
      if take("'") { return string(until: UInt8(ascii: "'")) }
      if take("\"") { return string(until: UInt8(ascii: "\"")) }
      return word()
    }

    mutating func dictionary(depth: Int) -> PythonLiteral? {
      var members: [String: PythonLiteral] = [:]
      while !take("}") {
        guard case .string(let key)? = value(depth: 2), take(":"), let member = value(depth: depth - 1),
          members.updateValue(member, forKey: key) == nil
        else { return nil }
        if !take(",") {
          guard take("}") else { return nil }
          break
        }
      }
      return .dictionary(members)
    }

    mutating func sequence(until end: Character, depth: Int) -> PythonLiteral? {
      var elements: [PythonLiteral] = []
      while !take(end) {
        guard let element = value(depth: depth - 1) else { return nil }
        elements.append(element)
        if !take(",") {
          guard take(end) else { return nil }
          break
        }
      }
      return .sequence(elements)
    }

    mutating func string(until quote: UInt8) -> PythonLiteral? {
      let start = index
      while index < bytes.count, bytes[index] != quote {
        guard bytes[index] != UInt8(ascii: "\\") else { return nil }
        index += 1
      }
      guard index < bytes.count else { return nil }
      index += 1
      return .string(String(decoding: bytes[start..<index - 1], as: UTF8.self))
    }

    mutating func word() -> PythonLiteral? {
      let name = text()
      return ["np", "numpy"].contains(name) && take(".") ? scalar() : Self.plain(name)
    }

    /// A scalar of NumPy, after the module's name.
    mutating func scalar() -> PythonLiteral? {
      let name = text()
      if name == "True_" || name == "False_" { return .bool(name == "True_") }
      guard take("(") else { return nil }
      let inner = take("'") ? string(until: UInt8(ascii: "'")) : Self.plain(text())
      guard let inner, take(")") else { return nil }
      switch inner {
      case .int where name.hasPrefix("int") || name.hasPrefix("uint") || name.hasSuffix("longlong"): return inner
      case .bool where name.hasPrefix("bool"): return inner
      case .string where name == "str_": return inner
      default: return nil
      }
    }

    static func plain(_ word: String) -> PythonLiteral? {
      switch word {
      case "True": .bool(true)
      case "False": .bool(false)
      case "None": PythonLiteral.none
      case let digits: Int(digits.hasSuffix("L") ? String(digits.dropLast()) : digits).map { .int($0) }
      }
    }

    mutating func text() -> String {
      skipSpace()
      let start = index
      while index < bytes.count, isWord(bytes[index]) { index += 1 }
      return String(decoding: bytes[start..<index], as: UTF8.self)
    }

    func isWord(_ byte: UInt8) -> Bool {
      (byte >= 0x30 && byte <= 0x39) || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A) || byte == 0x2D || byte == 0x2B
        || byte == 0x5F
    }
  }
}
