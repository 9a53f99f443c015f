import Testing

@testable import Study

@Suite("Groups of rows")
struct GroupsTests {
  private let table = """
    width,act,"a,b",mixed
    256,relu,1,2
    64,gelu,1,x
    1e2,relu,2,2.0
    64.0,relu,2,x
    ,gelu,1,
    100,gelu,2,10

    """

  private func groups(_ asked: String) throws -> (names: [String], rows: [[Int]], remarks: [String]) {
    var remarks: [String] = []
    let groups = try Groups(of: asked, in: Table(csv: Array(table.utf8), file: "t.csv"), &remarks)
    return (groups.members.map(\.value), groups.members.map(\.rows), remarks)
  }

  @Test("Equal numbers are one group however they are written, ascending, named as in their first row")
  func numbers() throws {
    let found = try groups("width")
    #expect(found.names == ["64", "1e2", "256"])
    #expect(found.rows == [[1, 3], [2, 5], [0]])
    #expect(found.remarks == ["1 model in no group by width: missing value"])
  }

  @Test("Texts are in the order of the table, and so are numbers among texts")
  func texts() throws {
    #expect(try groups("act").names == ["relu", "gelu"] && groups("act").rows == [[0, 2, 3], [1, 4, 5]])
    #expect(try groups("mixed").names == ["2", "x", "10"] && groups("mixed").rows == [[0, 2], [1, 3], [5]])
  }

  @Test("With several columns a group agrees in all of them, and the first column decides the order before the second")
  func several() throws {
    let numbers = try groups("`a,b`,width")
    #expect(numbers.names == ["1, 64", "1, 256", "2, 64.0", "2, 1e2"])
    #expect(numbers.rows == [[1], [0], [3], [2, 5]])
    let found = try groups("act , width")
    #expect(found.names == ["relu, 256", "gelu, 64", "relu, 1e2", "relu, 64.0", "gelu, 100"])
    #expect(found.remarks == ["1 model in no group by act, width: missing value"])
  }

  @Test("A column whose name has a comma takes precedence over a list; a missing one is an error")
  func names() throws {
    #expect(try groups("a,b").rows == [[0, 1, 4], [2, 3, 5]])
    for asked in ["depth", "act,depth", ""] { #expect(throws: StudyError.self) { try groups(asked) } }
  }
}
