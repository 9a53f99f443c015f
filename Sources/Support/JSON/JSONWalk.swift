/// A walk through a document that keeps none of it, for documents with millions of members.
extension JSONParser {
  /// Calls `body` with the name of each member of the object that comes next; `body` takes the member's value. False,
  /// and nothing is taken, if another value comes next.
  package mutating func members(_ body: (inout JSONParser, String) throws -> Void) throws -> Bool {
    skipSpace()
    guard next == UInt8(ascii: "{") else { return false }
    try nested { parser in
      parser.skipSpace()
      if parser.take("}") { return }
      repeat {
        let name = try parser.name()
        try body(&parser, name)
        parser.skipSpace()
      } while parser.take(",")
      guard parser.take("}") else { throw parser.error("a comma or the end of the object") }
    }
    return true
  }

  /// Calls `body` with the number of each element of the array that comes next; `body` takes the element. False, and
  /// nothing is taken, if another value comes next.
  package mutating func elements(_ body: (inout JSONParser, Int) throws -> Void) throws -> Bool {
    skipSpace()
    guard next == UInt8(ascii: "[") else { return false }
    try nested { parser in
      parser.skipSpace()
      if parser.take("]") { return }
      var number = 0
      repeat {
        try body(&parser, number)
        number += 1
        parser.skipSpace()
      } while parser.take(",")
      guard parser.take("]") else { throw parser.error("a comma or the end of the array") }
    }
    return true
  }

  /// The number of members or elements of the value that comes next, which is not taken.
  package func count() throws -> Int {
    var parser = self
    return try parser.skip()
  }

  /// Takes the next value without making it; returns how many members or elements it has.
  @discardableResult
  package mutating func skip() throws -> Int {
    skipSpace()
    switch next {
    case UInt8(ascii: "{"):
      return try nested { parser in
        try parser.skipList(until: "}") { parser in
          guard parser.next == UInt8(ascii: "\"") else { throw parser.error("a quoted member name") }
          try parser.skipString()
          parser.skipSpace()
          guard parser.take(":") else { throw parser.error("a colon") }
          try parser.skip()
        }
      }
    case UInt8(ascii: "["): return try nested { try $0.skipList(until: "]") { try $0.skip() } }
    case UInt8(ascii: "\""): try skipString()
    default: _ = try value()
    }
    return 0
  }

  /// Takes the parts of an object or array, after its opening bracket, and returns how many there are.
  private mutating func skipList(
    until end: Unicode.Scalar, _ part: (inout JSONParser) throws -> Void
  ) throws -> Int {
    skipSpace()
    if take(end) { return 0 }
    var count = 0
    repeat {
      skipSpace()
      try part(&self)
      count += 1
      skipSpace()
    } while take(",")
    guard take(end) else { throw error("a comma or the end of the \(end == "}" ? "object" : "array")") }
    return count
  }

  /// The name of a member, and its colon.
  private mutating func name() throws -> String {
    skipSpace()
    guard next == UInt8(ascii: "\"") else { throw error("a quoted member name") }
    let name = try string()
    skipSpace()
    guard take(":") else { throw error("a colon") }
    return name
  }
}
