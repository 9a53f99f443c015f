import Testing

@testable import Study

@Suite("Names of rows")
struct TableNamesTests {
  private func table(_ text: String) throws -> Table { try Table(csv: Array(text.utf8), file: "t.csv") }

  @Test("Rows are named by the requested column, else model, else name, else the first text column, else by number")
  func names() throws {
    #expect(try table("name,model\na,b\n").names(nil) == ["b"])
    #expect(try table("name,model\na,b\n").names("name") == ["a"])
    #expect(try table("x,run\n1,b\n").names(nil) == ["b"])
    #expect(try table("x,y\n1,2\n3,4\n").names(nil) == ["1", "2"])
    #expect(throws: StudyError.self) { try table("x\n1\n").names("model") }
  }

  @Test("A row with an empty cell is named by its number, from 1")
  func empty() throws {
    #expect(try table("model,x\na,1\n,2\nc,3\n").names(nil) == ["a", "2", "c"])
    #expect(try table("x,model\n1,7\n").names("x") == ["1"])
  }

  @Test("The column keeps its own name, and a table of only numbers has none")
  func column() throws {
    #expect(try table("x_y,run\n1,b\n").nameColumn("x.y") == "x_y")
    #expect(try table("x,run\n1,b\n").nameColumn(nil) == "run")
    #expect(try table("x,y\n1,na\n").nameColumn(nil) == "y")
    #expect(try table("x,y\n1,2\n").nameColumn(nil) == nil)
  }
}
