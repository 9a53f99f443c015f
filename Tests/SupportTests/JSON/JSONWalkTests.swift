import Testing

@testable import Support

@Suite("Walking through JSON")
struct JSONWalkTests {
  private func walk<Result>(_ text: String, _ body: (inout JSONParser) throws -> Result) throws -> Result {
    try Array(text.utf8).withUnsafeBufferPointer { bytes in
      var parser = JSONParser(bytes: bytes)
      return try parser.document(body)
    }
  }

  @Test("Members and elements come in order, and each can be made, walked or skipped")
  func order() throws {
    var seen: [String] = []
    try walk("\u{FEFF} {\"a\": [1, [2, 3], \"x\"], \"b\": {\"c\": null}, \"a\": true, \"e\": {}}") { parser in
      #expect(try parser.count() == 4)
      let isObject = try parser.members { parser, name in
        seen.append(name)
        let isArray = try parser.elements { parser, number in
          seen.append("\(number)")
          if number == 1 { try parser.skip() } else { seen.append(try parser.value().line) }
        }
        if !isArray { seen.append(try parser.value().line) }
      }
      #expect(isObject)
    }
    #expect(seen == ["a", "0", "1", "1", "2", "\"x\"", "b", "{\"c\": null}", "a", "true", "e", "{}"])
  }

  @Test(
    "Skipping accepts and refuses the same documents as making values",
    arguments: [
      "{}", "[]", "[1,]", "{\"a\":1,}", "{\"a\" 1}", "[1 2]", "tru", "\"\\ud800\"", "{\"a\":[{\"b\":[]}]}",
      "[\"\u{1}\"]",
      "01", "-", "[1e999]", "{1:2}", "[[[]]", "", "nulll",
    ])
  func sameAsParser(text: String) {
    let made = Result { try JSONValue(parsing: Array(text.utf8)) }.mapError { $0 as? JSONError ?? fatal }
    let skipped = Result { try walk(text) { try $0.skip() } }.mapError { $0 as? JSONError ?? fatal }
    switch (made, skipped) {
    case (.success, .success): break
    case (.failure(let one), .failure(let other)): #expect(one == other)
    default: Issue.record("\(made) and \(skipped)")
    }
  }

  private let fatal = JSONError(byte: -1, expected: "", found: "")

  @Test("A walk is as deep as a document may be, and no deeper")
  func depth() throws {
    let nested = { (depth: Int) in String(repeating: "[", count: depth) + String(repeating: "]", count: depth) }
    _ = try walk(nested(JSONParser.deepest)) { try $0.skip() }
    #expect(throws: JSONError.self) { _ = try walk(nested(JSONParser.deepest + 1)) { try $0.skip() } }
    #expect(throws: JSONError.self) { _ = try walk(String(repeating: "{\"a\":", count: 100_000)) { try $0.skip() } }
  }

  @Test(
    "Many small values are refused once they take far more memory than the document; a walk that forgets them is not")
  func memory() throws {
    let text = "[" + Array(repeating: "{\"a\":0}", count: 400_000).joined(separator: ",") + "]"
    let error = #expect(throws: JSONError.self) { try JSONValue(parsing: Array(text.utf8)) }
    #expect(error?.diagnosis.advice == "check that this is the right file, or split it")
    var count = 0
    try walk(text) { parser in
      _ = try parser.elements { parser, _ in
        if try parser.value()["a"] == .integer(0) { count += 1 }
        parser.forget()
      }
    }
    #expect(count == 400_000)
  }
}
