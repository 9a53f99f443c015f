import Testing

@testable import Study

@Suite("Tables")
struct TableTests {
  private func table(_ text: String) throws -> Table { try Table(csv: Array(text.utf8), file: "t.csv") }

  private func cell(_ text: String) -> Table.Cell {
    Table.Cell(text: text, place: Table.Position(file: "t", line: 1, column: 1))
  }

  @Test("Texts for a missing value, and numbers that are not finite, are missing; a text that is not a number is not")
  func missing() {
    for text in ["", "NaN", "na", "N/A", "NULL", "None", "inf", "-Inf", "+inf", "Infinity", "-infinity", "1e999"] {
      #expect(cell(text).isMissing, "\(text)")
    }
    // As pandas, R, Julia, C libraries and spreadsheets write them.
    for text in ["-nan", "<NA>", "NaT", "missing", "-nan(ind)", "1.#QNAN", "-1.#IND", "1.#INF", "#N/A", "#DIV/0!"] {
      #expect(cell(text).isMissing, "\(text)")
    }
    for text in ["0", "-1.5e3", "x", "nan1", "-"] { #expect(!cell(text).isMissing, "\(text)") }
    #expect(cell("-1.5e3").number == -1500 && cell("1,5").number == nil)
  }

  @Test("A column is numeric if it has a number, and otherwise only missing cells")
  func numeric() throws {
    let table = try table("a,b,c,d\n1,1,,x\nna,x,NaN,y\n")
    #expect(table.columns.map(\.isNumeric) == [true, false, false, false])
  }

  @Test("A column is found by its name, with points for “_” if needed; an exact name takes precedence")
  func names() throws {
    let table = try table("a_b,c.d,c_d\n1,2,3\n")
    #expect(try table.numbers("a.b") == [1] && table.numbers("c.d") == [2] && table.numbers("c_d") == [3])
    #expect(table.has("c.d") && !table.has("a.b"))
    let error = #expect(throws: StudyError.self) { try table.column("a_c") }
    #expect(error?.diagnosis.found == "“a_c”")
  }

  @Test("A cell that is neither number nor missing is named by its position")
  func numbers() throws {
    let table = try table("x,y\n1,2\n3,n/a\n5,six\n")
    #expect(try table.numbers("x") == [1, 3, 5])
    let error = #expect(throws: StudyError.self) { try table.numbers("y") }
    #expect(error?.diagnosis.file == "t.csv:4:3" && error?.diagnosis.found == "“six”")
    #expect("\(Table.Position(file: "t.json", line: 7, column: 0))" == "t.json, row 7")
  }

  @Test("A decimal comma is named, whatever separates the fields")
  func commas() throws {
    for text in ["m;x\na;0,5\n", "m\tx\na\t0,5\n", "m,x\na,\"1,234.5\"\n"] {
      let error = #expect(throws: StudyError.self) { try table(text).numbers("x") }
      #expect(error?.diagnosis.file == "t.csv:2:3" && error?.diagnosis.found.hasSuffix("”, with a comma") == true)
      #expect(error?.diagnosis.advice == "write decimal points, not decimal commas, and no thousands separators")
    }
    #expect(try table("m;x\na;0.5\n").numbers("x") == [0.5])
    let other = #expect(throws: StudyError.self) { try table("m;x\na;b,c\n").numbers("x") }
    #expect(other?.diagnosis.found == "“b,c”")
  }

  @Test("Rows are taken in the listed order, and may repeat")
  func rows() throws {
    let table = try table("m,x\na,1\nb,2\nc,\n").rows([2, 0, 0])
    #expect(table.rowCount == 3)
    #expect(try table.numbers("x") == [nil, 1, 1])
    #expect(try table.names("m") == ["c", "a", "a"])
    #expect(try self.table("x\n1\n").rows([]).rowCount == 0)
  }

  @Test("Rows of one table come after those of the other, with the columns of both")
  func appended() throws {
    let both = try table("model,x\na,1\n").appending(try table("model,y\nb,2\n"))
    #expect(try both.names(nil) == ["a", "b"])
    #expect(try both.numbers("x") == [1, nil] && both.numbers("y") == [nil, 2])
  }
}
