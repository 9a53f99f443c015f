import Testing

@testable import Study

@Suite("The standard properties")
struct StandardPropertyTests {
  private let standard = [
    StandardProperty("A", formulas: [.init("a_mean"), .init("own_a_mean", remark: "in metres")]),
    StandardProperty("B", formulas: [.init("b_std / b_mean"), .init("own_b_std / own_b_mean")]),
  ]

  private func of(_ columns: String) throws -> (found: [Property], remarks: [String]) {
    try standard.of(Table(csv: Array("\(columns)\n".utf8), file: "t.csv"))
  }

  @Test("Each uses the first of its formulas whose columns exist, with its remark; one that lacks a column is named")
  func some() throws {
    let (found, remarks) = try of("own_b_mean,b_std,b_mean,own_b_std")
    #expect(found.map(\.name) == ["B"] && found.map(\.expression.text) == ["b_std / b_mean"])
    #expect(remarks == ["no columns for A"])
    let all = try of("own_a_mean,own_b_std,b_std,own_b_mean")
    #expect(all.found.map(\.expression.text) == ["own_a_mean", "own_b_std / own_b_mean"])
    #expect(all.remarks == ["A: in metres"])
  }

  @Test("A table with none is refused with its columns, the first twelve of them")
  func none() {
    let few = #expect(throws: StudyError.self) { try of("x,y") }
    #expect(few?.diagnosis.found == "x, y" && few?.diagnosis.expected.hasSuffix("such as own_a_mean") == true)
    let many = #expect(throws: StudyError.self) { try of((1...13).map { "c\($0)" }.joined(separator: ",")) }
    #expect(many?.diagnosis.found == (1...12).map { "c\($0)" }.joined(separator: ", ") + ", …")
  }
}
