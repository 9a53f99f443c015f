import Testing

@testable import Support

@Suite("Strings of JSON")
struct JSONStringsTests {
  private func parse(_ text: String) throws -> JSONValue { try JSONValue(parsing: Array(text.utf8)) }

  @Test("Escapes are decoded, surrogate pairs included")
  func escapes() throws {
    #expect(try parse(#""\"\\\/\b\f\n\r\t\u0041\u00e9\ud83d\uDE00é""#) == .string("\"\\/\u{8}\u{C}\n\r\tAé😀é"))
  }

  @Test("Bytes that are not UTF-8 are an error")
  func encoding() {
    #expect(throws: JSONError.self) { try JSONValue(parsing: [0x22, 0xC3, 0x28, 0x22]) }
  }
}
