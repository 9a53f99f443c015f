import Embeddings
import Testing

@testable import Streams

@Suite("Comma-separated tables")
struct CommaSeparatedTests {
  private func table(_ text: String) throws -> CommaSeparated {
    try CommaSeparated(Array(text.utf8), file: "t.csv", kind: "a table")
  }

  @Test("Quoted fields hold commas, quotes and lines; both kinds of line ends; no end of the last line")
  func fields() throws {
    let read = try table("a,b\r\n\"x,\"\"y\"\"\n\",1\n,\"\"\nz,2.5")
    #expect(read.columns == ["a", "b"])
    #expect(read.fields("a") == ["x,\"y\"\n", "", "z"])
    #expect(read.numbers("b") == [1, nil, 2.5])
    #expect(read.fields("c") == nil)
  }

  @Test("What CSVField writes is read back")
  func roundTrip() throws {
    let texts = ["", " ", "a", "\"", "\"\u{301}", "a,b", "\n", "\r\n", "é,\"", "'"]
    let text = "n,t\n" + texts.map { "1,\(CSVField.text($0))\n" }.joined()
    #expect(try table(text).fields("t") == texts)
  }

  @Test(
    "A line that does not fit is an error with its number",
    arguments: [("a,b\n1\n", 2), ("a,b\n1,2\n\"x\ny\",3,4\n", 3), ("a\n\"x\n", 2), ("a\n\"x\"y\n", 2), ("", 1)])
  func malformed(text: String, line: Int) throws {
    let error = #expect(throws: StreamError.self) { try table(text) }
    #expect(error?.diagnosis.position == "line \(line)")
  }
}
