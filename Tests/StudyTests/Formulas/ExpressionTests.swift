import Testing

@testable import Study

@Suite("Formulas")
struct ExpressionTests {
  private func table() throws -> Table {
    try Table(csv: Array("a,b,nc2_interference_std,L@0,t\n2,3,5,7,x\n,3,5,7,x\n-1,0,5,7,x\n".utf8), file: "t.csv")
  }

  private func value(_ text: String) throws -> Double? {
    try Expression(text).values(in: try table())[0]
  }

  @Test("Operators have their mathematical precedence")
  func precedence() throws {
    let expected: [(String, Double)] = [
      ("1+2*3", 7), ("(1+2)*3", 9), ("8-2-1", 5), ("8/2/2", 2), ("2^3^2", 512), ("-a^2", -4), ("2^-1", 0.5),
      ("a*-b", -6), ("1.5e-1*2", 0.3), ("log(1)", 0), ("log10(100)", 2), ("abs(-3)+sqrt(16)", 7), ("+a", 2),
      ("nc2_interference.std / nc2_interference_std", 1), ("`L@0` - 1", 6), (" a +\tb ", 5), (".5*a", 1),
    ]
    for (text, number) in expected { #expect(try value(text) == number, "\(text)") }
  }

  @Test("Rows that lack a cell, or give a value that is not finite, have no value")
  func missing() throws {
    let values = try Expression("log(a) / b").values(in: try table())
    #expect(values[0] != nil && values[1] == nil && values[2] == nil)
  }

  @Test("A missing column is answered with the nearest one, and a cell that is not a number with its position")
  func unknown() throws {
    let table = try table()
    let error = #expect(throws: StudyError.self) { try Expression("nc2_interferense_std").values(in: table) }
    #expect(error?.diagnosis.advice == "did you mean “nc2_interference_std”?")
    let cell = #expect(throws: StudyError.self) { try Expression("t").values(in: table) }
    #expect(cell?.diagnosis.file == "t.csv:2:9")
  }

  @Test("A statistic without its part is answered with its mean, or its parts; other signs with the column's name")
  func parts() throws {
    let text = "nc1_cdnv_std,nc1_cdnv_mean,nc1_pinv,nc4_hits,nc4_samples,val_loss,eval.loss\n1,1,1,1,1,1,1\n"
    let table = try Table(csv: Array(text.utf8), file: "t.csv")
    func advice(_ formula: String) -> String? {
      #expect(throws: StudyError.self) { try Expression(formula).values(in: table) }?.diagnosis.advice
    }
    #expect(advice("nc1_cdnv") == "did you mean “nc1_cdnv_mean”?")
    #expect(advice("log(nc1_cdnv)") == "did you mean “nc1_cdnv_mean”?")
    #expect(advice("nc4") == "use one of nc4_hits, nc4_samples")
    #expect(advice("val-loss") == "did you mean “val_loss”?")
    #expect(advice("Eval/Loss") == "did you mean “eval.loss”?")
    #expect(advice("nc1_pin") == "did you mean “nc1_pinv”?")
  }

  @Test("A long sum does not crash either")
  func long() throws {
    func sum(_ terms: Int) -> String { Array(repeating: "a", count: terms).joined(separator: "+") }
    #expect(try value(sum(1_000)) == 2_000)
    #expect(throws: StudyError.self) { try Expression(sum(20_000)) }
  }
}
