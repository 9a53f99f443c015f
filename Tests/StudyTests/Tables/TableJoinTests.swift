import Testing

@testable import Study

@Suite("Joined tables")
struct TableJoinTests {
  private func table(_ text: String) throws -> Table { try Table(csv: Array(text.utf8), file: "t.csv") }

  @Test("Columns are joined by name, in any order; models without a row have no cells")
  func joined() throws {
    let (table, missing) = try table("model,x\na,1\nb,2\nc,3\n")
      .joining(try table("name,loss\nc,30\nz,0\na,10\n"), by: nil)
    #expect(missing == ["b"])
    #expect(try table.numbers("loss") == [10, nil, 30])
    #expect(table.columns.map(\.name) == ["model", "x", "loss"])
  }

  @Test("A row named after its file is found by the file's name too")
  func files() throws {
    let table = try table("name,x\nout/a.json,1\n").joining(try table("model,loss\na,10\n"), by: nil).table
    #expect(try table.numbers("loss") == [10])
  }

  @Test("A column in both is accepted if both agree, or the table has no value; otherwise refused at the cell")
  func clash() throws {
    let own = try table("model,x\na,1\nb,\n")
    #expect(try own.joining(try table("model,x\na,1.0\nb,2\n"), by: nil).table.numbers("x") == [1, 2])
    let error = #expect(throws: StudyError.self) { try own.joining(try table("model,x\na,7\n"), by: nil) }
    #expect(error?.diagnosis.file == "t.csv:2:3")
  }

  @Test("Tables that share no model are refused with the names in both")
  func strangers() throws {
    let own = try table("model,x\n" + (1...9).map { "m\($0),1\n" }.joined())
    let error = #expect(throws: StudyError.self) { try own.joining(try table("run,y\nM1,1\nM2,2\n"), by: nil) }
    #expect(
      error?.diagnosis.expected
        == "rows for some of the models: “m1”, “m2”, “m3”, “m4”, “m5”, “m6”, “m7”, “m8”, …")
    #expect(error?.diagnosis.found == "rows for “M1”, “M2”")
    let numbers = #expect(throws: StudyError.self) { try own.joining(try table("y\n1\n"), by: nil) }
    #expect(numbers?.diagnosis.found == "rows without names")
    let none = #expect(throws: StudyError.self) { try own.joining(try table("model,y\n"), by: nil) }
    #expect(none?.diagnosis.found == "no rows")
  }

  @Test("A row is not joined with a row of another model, if a column tells them apart")
  func identities() throws {
    let (own, other) = (try table("model,x,state\na,1,s\n"), try table("model,y,state\na,7,t\n"))
    let error = #expect(throws: StudyError.self) { try own.joining(other, by: nil, identities: ["state"]) }
    #expect(error?.diagnosis.file == "t.csv:2:5" && error?.diagnosis.advice.contains("of one model") == true)
    #expect(
      try own.joining(try table("model,y,state\na,7,s\n"), by: nil, identities: ["state"]).table.numbers("y") == [7])
  }

  @Test("A duplicate model is refused")
  func twice() throws {
    let own = try table("model,x\na,1\n")
    let error = #expect(throws: StudyError.self) { try own.joining(try table("model,y\na,1\na,2\n"), by: nil) }
    #expect(error?.diagnosis.file == "t.csv:3:1")
  }
}
