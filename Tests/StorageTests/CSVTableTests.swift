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
    #expect(read.columns == ["a", "b"] && read.rowCount == 3)
    #expect(try read.texts("a") == ["x,\"y\"\n", "", " z"])
    #expect(try read.numbers("b") == [1, nil, 2.5])
    #expect(try read.texts("c") == nil && read.numbers("c") == nil)
  }

  @Test("The position of a field names the file, and is right after quoted line breaks")
  func places() throws {
    let read = try table("a,b\n\"x\ny\",1\nz,2\n")
    #expect(try read.place(row: 0, column: "b") == "t.csv:3:4")
    #expect(try read.place(row: 1, column: "b") == "t.csv:4:3")
    #expect(try read.place(row: 1, column: "none") == "t.csv:4:1")
  }

  @Test("Every row can be found again, however many there are")
  func rows() throws {
    let read = try table("a,b\n" + (0..<1000).map { "\"\n\($0)\",é\($0)\n" }.joined())
    for row in [0, 1, 255, 256, 257, 511, 999] {
      #expect(try read.row(row) == ["\n\(row)", "é\(row)"])
      #expect(try read.place(row: row, column: "b") == "t.csv:\(3 + 2 * row):\("\(row)".count + 3)")
    }
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

extension CSVTable {
  /// The texts of a column; nil if there is no such column.
  fileprivate func texts(_ name: String) throws -> [String]? {
    var texts: [String] = []
    return try forEach(in: name) { texts.append($0) } ? texts : nil
  }
}
