import Testing

@testable import Geometry
@testable import Stages

@Suite("What statistics need, in the words of options")
struct RequirementAdviceTests {
  @Test("What is absent is said with what to do")
  func absent() {
    #expect(
      Remark.absent(ids: ["nc1_pinv", "nc1_svd"], need: .withinScatter).text
        == "nc1_pinv, nc1_svd are absent: the state has no within-class scatter; accumulate --within pooled keeps it")
    #expect(Remark.absent(ids: ["a"], need: .classifier).text.hasPrefix("a is absent: no output head"))
    #expect(Remark.undefined(ids: ["a"], reason: "x").text == "a is undefined (null): x")
  }

  @Test("Help says what each statistic needs")
  func help() {
    #expect(MeasureStage.needs.hasPrefix("nc1_pinv and nc1_svd need a state accumulated with --within pooled; "))
    #expect(MeasureStage.needs.contains("; nc4 needs --decisions; ") && MeasureStage.needs.hasSuffix(" need --ood."))
  }
}
