import Foundation
import TestSupport
import Testing

@testable import Support

@Suite("Reading JSON")
struct JSONParserTests {
  private func parse(_ text: String) throws -> JSONValue { try JSONValue(parsing: Array(text.utf8)) }

  @Test("Values of every kind, with space between them")
  func values() throws {
    #expect(
      try parse(" { \"a\" : [ 1 , -2.5e1, true,\tfalse, null ],\r\n\"b\": {}, \"c\": [] } ") == [
        "a": [.integer(1), .number(-25), .boolean(true), .boolean(false), .null], "b": .object([]), "c": .array([]),
      ])
  }

  @Test("A byte order mark before a document is skipped, and positions count it")
  func byteOrderMark() throws {
    #expect(try parse("\u{FEFF} {\"a\": 1}") == ["a": .integer(1)])
    #expect(#expect(throws: JSONError.self) { try parse("\u{FEFF}[1,]") }?.byte == 6)
  }

  @Test("Names that Unicode considers equal stay distinct, and in order")
  func canonical() throws {
    guard case .object(let members) = try parse("{\"\u{E9}\": 1, \"e\u{301}\": 2, \"\u{212B}\": 3, \"\u{C5}\": 4}")
    else {
      Issue.record("no object")
      return
    }
    #expect(members.map(\.value) == [.integer(1), .integer(2), .integer(3), .integer(4)])
    #expect(
      members.map { Array($0.key.utf8) } == [[0xC3, 0xA9], [0x65, 0xCC, 0x81], [0xE2, 0x84, 0xAB], [0xC3, 0x85]])
  }

  @Test("Numbers: integers where Int holds them, doubles to the last digit beyond")
  func numbers() throws {
    #expect(try parse("9223372036854775807") == .integer(.max))
    #expect(try parse("9223372036854775808") == .number(0x1p63))
    #expect(try parse("0.1") == .number(0.1))
    #expect(try parse("-0") == .integer(0))
    #expect(try parse("1E+2") == .number(100))
  }

  @Test(
    "Invalid JSON is an error at a byte",
    arguments: [
      ("", 0), ("{", 1), ("[1", 2), ("[1,]", 3), ("{\"a\"}", 4), ("{\"a\":1,}", 7), ("{a:1}", 1), ("01", 0), ("1.", 2),
      ("-", 0), ("1e", 2), ("tru", 0), ("[1] 2", 4), ("\"a", 2), ("\"\\x\"", 1), ("\"\\ud83d\"", 1), ("\"\\u12g4\"", 5),
      ("\"\n\"", 1), ("1e999", 0), ("\u{FEFF}", 3), ("\u{FEFF}\u{FEFF}1", 3), ("1\u{FEFF}", 1), ("\"\\ude00\"", 1),
    ])
  func malformed(text: String, byte: Int) {
    let error = #expect(throws: JSONError.self) { try parse(text) }
    #expect(error?.byte == byte, "\(text)")
    #expect(error?.isBadInput == true)
  }

  @Test("NaN and infinities, as Python writes them, are null if allowed, and an error otherwise")
  func nonfinite() throws {
    let text = "{\"a\": NaN, \"b\": [Infinity, -Infinity, -1, null]}"
    #expect(
      try JSONValue(parsing: Array(text.utf8), .withNonfinite)
        == ["a": .null, "b": [.null, .null, .integer(-1), .null]])
    #expect(#expect(throws: JSONError.self) { try parse(text) }?.byte == 6)
    for text in ["nan", "Nan", "-NaN", "Inf", "-Inf", "Infinit", "-I"] {
      #expect(throws: JSONError.self, "\(text)") { try JSONValue(parsing: Array(text.utf8), .withNonfinite) }
    }
  }

  @Test(
    "Documents are read line by line, with any line ends, empty lines and a byte order mark",
    arguments: ["{\"a\": 1}\n{\"a\": NaN}", "\u{FEFF}{\"a\": 1}\r\n\r\n{\"a\":\nnull}\n\n", "{\"a\":1}\r {\"a\":null}"])
  func lines(text: String) throws {
    #expect(
      try JSONValue.lines(parsing: Array(text.utf8), .withNonfinite) == [["a": .integer(1)], ["a": .null]])
  }

  @Test("A mistake in a later line is named by line and byte; two documents on one line are a mistake")
  func wrongLine() throws {
    func error(_ text: String) -> String? {
      #expect(throws: JSONError.self) { try JSONValue.lines(parsing: Array(text.utf8)) }?.description
    }
    #expect(
      error("{\"a\": 1}\n\n{\"a\": x}\n") == """
        line 3, byte 16: expected a JSON value, found “x”
          → check that each line is complete JSON
        """)
    #expect(error("{} {}")?.hasPrefix("line 1, byte 3: expected the end of the document, found “{”") == true)
    #expect(error("{},\n{}")?.hasPrefix("line 1, byte 2: expected the end of the document, found “,”") == true)
    #expect(error("")?.hasPrefix("byte 0: expected a JSON value, found the end of the file") == true)
    #expect(try JSONValue.lines(parsing: Array("[1]\n".utf8)) == [[.integer(1)]])
  }

  @Test("Nesting is bounded")
  func deep() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    _ = try parse(nested(200))
    #expect(throws: JSONError.self) { try parse(nested(201)) }
    #expect(throws: JSONError.self) { try parse(String(repeating: "{\"a\":", count: 1_000_000)) }
  }

  @Test("A written value reads back the same")
  func roundTrip() throws {
    let value: JSONValue = [
      "text": "a\"\\\n\u{1}é😀", "numbers": [.number(0.1), .number(5e-300), .integer(-3)], "nothing": .null,
      "nested": ["deep": [.boolean(true), .object([]), .array([])]],
    ]
    #expect(try parse(value.text) == value)
  }

  @Test("A document truncated anywhere, or with a byte changed, is an error or a value, never a crash")
  func damaged() throws {
    let bytes = Array(#"{"a": [1, -2.5e3, "x\u00e9\ud83d\ude00", true], "b": {"c": null}}"#.utf8)
    for count in bytes.indices { #expect(throws: JSONError.self) { try JSONValue(parsing: Array(bytes[..<count])) } }
    var generator = SeededGenerator(1)
    for _ in 0..<5_000 {
      var damaged = bytes
      damaged[Int.random(in: bytes.indices, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
      _ = try? JSONValue(parsing: damaged)
    }
  }
}
