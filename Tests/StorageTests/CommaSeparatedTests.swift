import TestSupport
import Testing

@testable import Storage
@testable import Support

@Suite("Comma-separated tables")
struct CommaSeparatedTests {
  private func table(_ text: String) throws -> CommaSeparated {
    try CommaSeparated(Array(text.utf8), file: "t.csv")
  }

  @Test("Columns are found by name, as texts or as numbers where they are some")
  func columns() throws {
    let read = try table("a,b\r\n\"x,\"\"y\"\"\n\",1\n,\"\"\n z,2.5")
    #expect(read.columns == ["a", "b"] && read.rows.count == 3)
    #expect(read.fields("a") == ["x,\"y\"\n", "", " z"])
    #expect(read.numbers("b") == [1, nil, 2.5])
    #expect(read.fields("c") == nil && read.numbers("c") == nil)
  }

  @Test("A field's place is said with the file, after lines within quotes too")
  func places() throws {
    let read = try table("a,b\n\"x\ny\",1\nz,2\n")
    #expect(read.place(row: 0, column: "b") == "t.csv:3:4")
    #expect(read.place(row: 1, column: "b") == "t.csv:4:3")
    #expect(read.place(row: 1, column: "none") == "t.csv:4:1")
  }

  @Test("A file that is too large, or no such table, is an error that names it")
  func wrong() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("t.csv", text: "a,b\n1\n")
    let error = #expect(throws: CSVError.self) { try CommaSeparated(file, kind: "a table") }
    #expect(error?.diagnosis.file == "\(file):2:1")
    #expect(throws: StreamError.self) { try CommaSeparated(folder.file("none.csv"), kind: "a table") }
  }
}
