import Testing

@testable import Study
@testable import Support

@Suite("Tables in JSON")
struct TableJSONTests {
  @Test("JSON is a table too: objects, or objects by name, with nested names joined by “_”")
  func json() throws {
    let rows = try Table(
      json: [["name": "a", "nc1": ["mean": .number(0.5)], "k": .null], ["name": "b", "loss": .integer(2)]], file: "t")
    #expect(try rows.names(nil) == ["a", "b"])
    #expect(try rows.numbers("nc1_mean") == [0.5, nil] && rows.numbers("loss") == [nil, 2])
    let named = try Table(json: ["a": ["loss": .integer(1)], "b": ["loss": .integer(2)]], file: "t")
    #expect(try named.names(nil) == ["a", "b"])
    let one = try Table(json: ["model": "a", "loss": .integer(2), "x": .null, "y": []], file: "t")
    #expect(try one.names(nil) == ["a"] && one.numbers("loss") == [2] && one.rowCount == 1)
    #expect(throws: StudyError.self) { try Table(json: ["a": ["x": .integer(1)], "b": .integer(1)], file: "t") }
    #expect(throws: StudyError.self) { try Table(json: ["a": [], "b": []], file: "t") }
    #expect(throws: StudyError.self) { try Table(json: [.integer(1)], file: "t") }
    #expect(throws: StudyError.self) { try Table(json: "x", file: "t") }
  }

  @Test(
    "With any members in any rows, each has one column in order of appearance, and a cell only in rows that have it")
  func members() throws {
    var random = SplitMix64(seed: 11)
    for _ in 0..<50 {
      let rows = (0..<random.below(12)).map { _ in
        (0..<random.below(6)).map { "k\($0 * 5 + random.below(5))" }.map { ($0, random.below(100)) }
      }
      let json = JSONValue.array(rows.map { .object($0.map { .init($0.0, .integer($0.1)) }) })
      let table = try Table(json: json, file: "t")
      var names: [String] = []
      for key in rows.joined().map(\.0) where !names.contains(key) { names.append(key) }
      #expect(table.columns.map(\.name) == names && table.rowCount == rows.count)
      for column in table.columns {
        let wanted = rows.map { row in row.first { $0.0 == column.name }.map { "\($0.1)" } }
        #expect(column.cells.map { $0?.text } == wanted)
      }
    }
  }

  @Test("A cell that is not a number is named by its row")
  func place() throws {
    let table = try Table(json: [["x": .integer(1)], ["x": "one"]], file: "t.json")
    let error = #expect(throws: StudyError.self) { try table.numbers("x") }
    #expect(error?.diagnosis.file == "t.json, row 2")
  }

  @Test("Rows that share no members, which would need a quadratic number of cells, are refused with the reason")
  func different() throws {
    func rows(_ count: Int) -> JSONValue { .array((0..<count).map { .object([.init("k\($0)", .integer($0))]) }) }
    #expect(try Table(json: rows(2048), file: "t").columns.count == 2048)
    let error = #expect(throws: StudyError.self) { try Table(json: rows(2049), file: "t") }
    #expect(error?.diagnosis.found == "2049 different members in 2049 rows")
  }
}
