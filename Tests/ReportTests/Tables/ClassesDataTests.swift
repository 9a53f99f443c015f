import Testing

@testable import Geometry
@testable import Report
@testable import Support

@Suite("The table of classes in a page")
struct ClassesDataTests {
  private func json(_ csv: String) throws -> String {
    var text = ""
    ClassesData(try ClassTable(csv: csv)).write { text += $0 }
    return text
  }

  @Test("Ids and counts are integers, other numbers have six digits, and undefined values are null")
  func numbers() throws {
    let found = try JSONValue(
      parsing: Array(
        json("token,count,norm,nc4_hits\n0,1000000,0.123456789,\n7,12,1234567.8,3\n9,2.5,nan,inf\n").utf8))
    #expect(found["rows"] == .integer(3))
    let columns = found["columns"]?.elements ?? []
    #expect(columns.map { $0["kind"] } == ["id", "integer", "number", "integer"])
    #expect(columns.map { $0["title"] } == ["token", "samples", "norm", "NC4 hits"])
    let values = columns.map { $0["values"]?.elements.map(\.double) ?? [] }
    #expect(
      values == [[0, 7, 9], [1_000_000, 12, 2.5], [0.123457, 1.23457e6, nil], [nil, 3, nil]] as [[Double?]])
  }

  @Test("Texts stay text, and none of them ends a script")
  func texts() throws {
    let text = try json("token,text,count\n1,\"</script>\"\"&\",2\n")
    #expect(!text.contains("<") && !text.contains("&"))
    let found = try JSONValue(parsing: Array(text.utf8))
    let column = try #require(found["columns"]?.elements.dropFirst().first)
    #expect(column["kind"] == "text" && column["values"] == [.string("</script>\"&")])
  }

  @Test("Empty columns are left out; an unknown column keeps its name")
  func columns() throws {
    let found = try JSONValue(
      parsing: Array(json("token,text,count,cosine,other,nearest_token\n1,,2,,0.5,\n2,,3,,,\n").utf8))
    let columns = found["columns"]?.elements ?? []
    #expect(columns.map { $0["name"] } == ["token", "count", "other"])
    #expect(columns.last?["title"] == "other" && columns.last?["values"] == [.number(0.5), .null])
  }
}
