import Testing

@testable import Geometry
@testable import Plan
@testable import Stages

@Suite("What statistics need, expressed in options")
struct RequirementAdviceTests {
  @Test("An absent statistic comes with advice, in the words of the command line or of a pipeline file")
  func absent() {
    let (option, file) = (SourcePosition.option("MOMENTS"), SourcePosition.file("p.yaml", line: 3, column: 1))
    let scatter = Remark.absent(ids: ["nc1_pinv", "nc1_svd"], need: .withinScatter)
    let start = "nc1_pinv, nc1_svd are absent: the state has no within-class scatter; accumulate with "
    #expect(scatter.text(at: option) == start + "--within pooled")
    #expect(scatter.text(at: file) == start + "within: pooled")
    let head = Remark.absent(ids: ["a"], need: .classifier)
    #expect(head.text(at: option) == "a is absent: no output head was given; name it with --classifier")
    #expect(head.text(at: file).hasSuffix("name it with classifier"))
    #expect(Remark.undefined(ids: ["a"], reason: "x").text(at: file) == "a is undefined (null): x")
  }

  @Test("Help says what each statistic needs")
  func help() {
    #expect(
      MeasureStage.needs.hasPrefix(
        "nc1_pinv, nc1_svd and between_condition need a state accumulated with --within pooled. "))
    #expect(MeasureStage.needs.contains(". nc4 needs --decisions. ") && MeasureStage.needs.contains(" need --ood. "))
    #expect(MeasureStage.needs.hasSuffix(" or a group)."))
  }
}
