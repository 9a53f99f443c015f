import Testing

@testable import Study
@testable import Support

@Suite("Tables in CSV")
struct TableCSVTests {
  private func table(_ text: String) throws -> Table { try Table(csv: Array(text.utf8), file: "t.csv") }

  @Test("Quotes, doubled quotes, line breaks in quotes, CRLF, a byte order mark and empty lines are read")
  func forms() throws {
    let table = try table("\u{FEFF},model,x\r\n0,\"a,\"\"b\"\"\n\", 1.5 \r\n\r\n1,c,\r\n")
    #expect(table.columns.map(\.name) == ["model", "x"])
    #expect(try table.names(nil) == ["a,\"b\"\n", "c"])
    #expect(try table.numbers("x") == [1.5, nil])
  }

  @Test("Empty, NaN, NA, null and infinite cells are missing")
  func missing() throws {
    #expect(
      try table("x,y\n,1\nNaN,1\nNA,1\nnull,1\ninf,1\n1e999,1\n7,1").numbers("x") == [nil, nil, nil, nil, nil, nil, 7])
  }

  @Test(
    "A mistake is reported with its position",
    arguments: [
      ("a,b\n1\n", "t.csv:2:1"), ("a,b\n1,2,3\n", "t.csv:2:5"), ("a,a\n", "t.csv:1:3"), ("a\n\"x\n", "t.csv:2:1"),
      ("a,b\n1,x\"y\n", "t.csv:2:4"), ("a,b\n\"x\"y,1\n", "t.csv:2:4"), ("", "t.csv"), ("\n\n", "t.csv"),
    ])
  func wrong(text: String, place: String) {
    let error = #expect(throws: (any Error).self) { try table(text) } as? any DiagnosedError
    #expect(error?.diagnosis.file == place && error?.isBadInput == true)
  }

  @Test("Bytes that are not UTF-8 are refused")
  func bytes() {
    #expect(throws: CSVError.self) { try Table(csv: [0x61, 0x0A, 0xFF], file: "t.csv") }
  }
}
