import Testing

@testable import Report
@testable import Storage

@Suite("The timeline's figure")
struct TimelineFigureTests {
  private func figure(_ text: String) throws -> Figure? {
    try TimelineFigure.make(CSVTable(Array(text.utf8), file: "t.csv"), "t.csv")
  }

  @Test("The timeline: each statistic divided by its last value, undefined where it was")
  func timeline() throws {
    let data = try #require(try figure(SampleModel.timeline)).data
    #expect(data["nc1_quotient_over_last"] == [2, 1.5, 1])
    #expect(data["nc2_norm_cv_over_last"] == [2, 1.6, 1])
    #expect(data["nc1_pinv_over_last"] == [nil, 2, 1])
  }

  @Test("In words: the number of samples, and the statistics at half of the rows")
  func words() throws {
    let found = try #require(
      try figure("samples,nc2_etf_error,nc1_quotient,x\n1000,4,3,1\n2000,3,2.5,1\n3000,2.5,2,1\n4000,2,2,1\n"))
    #expect(
      found.finding.replacing("\u{202F}", with: " ")
        == "Each statistic over its value at the end, after 4 000 samples. After 2 000: nc1_quotient 1.25, "
        + "nc2_etf_error 1.5.")
    #expect(found.layers.map(\.label) == ["nc1_quotient", "nc2_etf_error"])
    #expect(found.data.columns.map(\.name) == ["samples", "nc1_quotient_over_last", "nc2_etf_error_over_last"])
    #expect(found.data["samples"] == [1000, 2000, 3000, 4000])
  }

  @Test(
    "A statistic with a single value, or whose last one is 0 or undefined, is left out; without any there is no figure")
  func leftOut() throws {
    let found = try #require(
      try figure("samples,nc1_quotient,nc2_norm_cv,nc2_etf_error,nc1_pinv\n1,2,2,,4\n2,0,,3,8\n"))
    #expect(found.layers.map(\.label) == ["nc1_pinv"] && found.data["nc1_pinv_over_last"] == [0.5, 1])
    #expect(try figure("samples,nc1_quotient\n1,2\n2,0\n") == nil)
    #expect(try figure("samples,nc1_quotient\n1,2\n") == nil)
    #expect(try figure("samples,nc1_quotient\n") == nil)
    #expect(try figure("samples,nc1_quotient\n1,2\n,4\n") == nil)
  }

  @Test("A table without samples is no timeline")
  func wrong() {
    let error = #expect(throws: ReportError.self) { try figure("count,nc1_quotient\n1,2\n2,3\n") }
    #expect(error?.diagnosis.file == "t.csv" && error?.diagnosis.found == "the columns count, nc1_quotient")
  }
}
