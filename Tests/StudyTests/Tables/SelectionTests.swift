import Testing

@testable import Study

@Suite("Selection of models")
struct SelectionTests {
  private func rows(_ patterns: [String], _ conditions: [String]) throws -> [Int] {
    let text = "model,width,kind,seed,a>b\na1,64,x,1,0\na2,256,y,2,1\nb1,512,x,,2\nb2,1024,,4,3\n"
    let table = try Table(csv: Array(text.utf8), file: "t.csv")
    return try Selection(patterns: patterns, conditions: conditions).rows(of: table, names: try table.names(nil))
  }

  @Test("Models match any pattern and meet every condition; missing cells meet none")
  func selected() throws {
    let expected: [([String], [String], [Int])] = [
      ([], [], [0, 1, 2, 3]), (["a*"], [], [0, 1]), (["?1"], [], [0, 2]), (["a1", "b[12]"], [], [0, 2, 3]),
      ([], ["width >= 256"], [1, 2, 3]), ([], ["width>64", "width < 1024"], [1, 2]), ([], ["seed=2"], [1]),
      ([], ["seed != 2"], [0, 3]), ([], ["kind = x"], [0, 2]), ([], ["kind!=x"], [1, 3]),
      ([], ["log10(width) <= 2"], [0]), (["b*"], ["width == 512"], [2]),
      ([], ["width - 64"], [1, 2, 3]), ([], ["seed"], [0, 1, 3]), ([], ["`a>b` > 2"], [3]),
    ]
    for (patterns, conditions, rows) in expected {
      #expect(try self.rows(patterns, conditions) == rows, "\(patterns) \(conditions)")
    }
  }

  @Test("An empty selection, and invalid conditions, are errors")
  func wrong() {
    for (patterns, conditions) in [
      (["c*"], []), ([], ["width > 1e6"]), ([], ["width ! 3"]), ([], ["width >"]), ([], ["width > x"]), ([], ["> 3"]),
      ([], ["witdh > 3"]), ([], ["width + 1 = x"]),
    ] as [([String], [String])] {
      #expect(throws: StudyError.self, "\(patterns) \(conditions)") { try rows(patterns, conditions) }
    }
  }
}
