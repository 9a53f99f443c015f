import Testing

@testable import Study

@Suite("Conditions on rows")
struct ConditionTests {
  private func rows(_ condition: String) throws -> [Bool] {
    let text = "x,kind,a<b,y\n1,p,5,3\n2,q,6,\n3.0,p,7,0\n,,8,nan\n"
    return try Condition(condition).rows(of: Table(csv: Array(text.utf8), file: "t.csv"))
  }

  @Test("Numbers are compared as numbers, and a row that lacks the cell never matches")
  func numbers() throws {
    let expected: [(String, [Bool])] = [
      ("<2", [true, false, false]), ("<=2", [true, true, false]), (">2", [false, false, true]),
      (">=2", [false, true, true]), ("=3", [false, false, true]), ("==3.00", [false, false, true]),
      ("!=3", [true, true, false]), (" <= 2.5e0 ", [true, true, false]),
    ]
    for (condition, met) in expected { #expect(try rows("x\(condition)") == met + [false], "\(condition)") }
    #expect(try rows("y != 3") == [false, false, true, false])
  }

  @Test("The left side may be any formula; alone, it is true if it is not 0")
  func formulas() throws {
    #expect(try rows("x^2 - 1 > 3") == [false, false, true, false])
    #expect(try rows("x - 2") == [true, false, true, false])
    // The logarithm of 0 is not finite.
    #expect(try rows("log(x - 1) <= 1") == [false, true, true, false])
    #expect(try rows("`a<b` < 7") == [true, true, false, false])
    #expect(try rows("`a<b`") == [true, true, true, true])
  }

  @Test("Texts are equal or different, by a column only, and an empty cell differs from all")
  func texts() throws {
    #expect(try rows("kind = p") == [true, false, true, false])
    #expect(try rows("kind==p") == [true, false, true, false])
    #expect(try rows("kind != p") == [false, true, false, true])
    #expect(throws: StudyError.self) { try rows("x + 1 = p") }
    // Texts are not numbers.
    #expect(throws: StudyError.self) { try rows("kind < 1") }
  }

  @Test(
    "An invalid condition is quoted in the error",
    arguments: [
      ("x ! 3", "“!”"), ("x >", "nothing after “>”"), ("x <= ", "nothing after “<=”"),
      ("x > p", "“p”, which is not a number"),
      ("x <> 3", "“> 3”, which is not a number"),
    ])
  func wrong(text: String, found: String) {
    let error = #expect(throws: StudyError.self) { try Condition(text) }
    #expect(error?.diagnosis.found == found && error?.diagnosis.position == "“\(text)”")
  }
}
