import Testing

@testable import Support

@Suite("Values as JSON")
struct EncodableTextTests {
  private struct Position: Encodable {
    let row = 3
    let file = "a/b.npy"
  }

  @Test("On one line or several, keys are sorted and slashes stay")
  func text() throws {
    #expect(try Position().jsonLine() == #"{"file":"a/b.npy","row":3}"#)
    #expect(try Position().jsonLines() == "{\n  \"file\" : \"a/b.npy\",\n  \"row\" : 3\n}\n")
  }
}
