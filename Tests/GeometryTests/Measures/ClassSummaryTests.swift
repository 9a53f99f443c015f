import Testing

@testable import Geometry

@Suite("Summaries over classes")
struct ClassSummaryTests {
  @Test("The deviation is the sample deviation")
  func sample() {
    #expect(
      ClassSummary([1, 3]).json == [
        "mean": .number(2), "std": .number(2.0.squareRoot()), "cv": .number(2.0.squareRoot() / 2),
      ])
  }

  @Test("Values near 1 keep the digits in which they differ")
  func nearOne() {
    let summary = ClassSummary(oneMinus: [1e-20, 3e-20, nil])
    #expect(summary.mean == 1)
    #expect(deviation(summary.std, 2e-20 / 2.0.squareRoot()) < 1e-15)
    #expect(deviation(summary.cv, 2e-20 / 2.0.squareRoot()) < 1e-15)
    #expect(summary.zeroNorms == 1)
  }

  @Test("Classes without a value are left out and counted")
  func leftOut() {
    let summary = ClassSummary([1, nil, 3, nil])
    #expect(summary.classes == 2)
    #expect(summary.zeroNorms == 2)
  }

  @Test("One class has no deviation, a mean of zero has no cv, and no class has nothing")
  func undefined() {
    #expect(ClassSummary([5]).json == ["mean": .number(5), "std": .null, "cv": .null])
    #expect(ClassSummary([-1, 1]).cv == nil)
    #expect(ClassSummary([]).mean == nil)
  }
}
