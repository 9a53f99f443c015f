import TestSupport
import Testing

@testable import Storage
@testable import Support

@Suite("Comma-separated tables")
struct CSVTableTests {
  private func table(_ text: String) throws -> CSVTable {
    try CSVTable(Array(text.utf8), file: "t.csv")
  }

  @Test("Columns are found by name, as texts or, if possible, as numbers")
  func columns() throws {
    let read = try table("a,b\r\n\"x,\"\"y\"\"\n\",1\n,\"\"\n z,2.5")
    #expect(read.columns == ["a", "b"] && read.rows.count == 3)
    #expect(read.fields("a") == ["x,\"y\"\n", "", " z"])
    #expect(read.numbers("b") == [1, nil, 2.5])
    #expect(read.fields("c") == nil && read.numbers("c") == nil)
  }

  @Test("The position of a field names the file, and is right after quoted line breaks")
  func places() throws {
    let read = try table("a,b\n\"x\ny\",1\nz,2\n")
    #expect(read.place(row: 0, column: "b") == "t.csv:3:4")
    #expect(read.place(row: 1, column: "b") == "t.csv:4:3")
    #expect(read.place(row: 1, column: "none") == "t.csv:4:1")
  }

  @Test("A file that is too large, or not such a table, is an error that names it")
  func wrong() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("t.csv", text: "a,b\n1\n")
    let error = #expect(throws: CSVError.self) { try CSVTable(file, kind: "a table") }
    #expect(error?.diagnosis.file == "\(file):2:1")
    #expect(throws: StreamError.self) { try CSVTable(folder.file("none.csv"), kind: "a table") }
  }
}
