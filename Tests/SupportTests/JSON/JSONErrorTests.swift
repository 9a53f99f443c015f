import Testing

@testable import Support

@Suite("Errors of JSON")
struct JSONErrorTests {
  @Test("Each gives the byte, what was expected and what was found")
  func message() {
    func description(_ bytes: [UInt8]) -> String? {
      #expect(throws: JSONError.self) { try JSONValue(parsing: bytes) }?.description
    }
    #expect(
      description(Array("[1 2]".utf8)) == """
        byte 3: expected a comma or the end of the array, found “2”
          → check that the file is complete JSON
        """)
    #expect(
      description(Array("[1".utf8))?.contains(
        "byte 2: expected a comma or the end of the array, found the end of the file") == true)
    #expect(description([0x89, 0x48])?.contains("found byte value 137") == true)
  }
}
