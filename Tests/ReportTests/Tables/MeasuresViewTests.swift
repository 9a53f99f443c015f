import Testing

@testable import Report
@testable import Support

@Suite("Measurements in a page")
struct MeasuresViewTests {
  private func view(_ text: String) throws -> MeasuresView {
    MeasuresView(json: try JSONValue(parsing: Array(text.utf8)))
  }

  private let text = """
    {"nc4": {"samples": 3000, "hits": 433, "agreement": 0.144333, "accuracy": 0.25, "ncc_accuracy": null},
     "nc1_cdnv": {"mean": 0.480583, "std": 0.5, "infinite_pairs": 3, "zero_norms": 1200},
     "tokens": 20000, "classes": 1528, "nc2_norm": {"mean": 10.8249, "std": null, "cv": 0.263052},
     "nc2_etf_error": null, "new": 1.5, "bands": [{"band": 1}], "provenance": {"mean": 7}, "text": "no", "flag": true}
    """

  @Test("Sections are in the order of the families, statistics in that of the file")
  func order() throws {
    let sections = try view(text).sections
    #expect(
      sections.map { String($0.title.prefix { $0 != ":" }) } == ["What was measured", "NC1", "NC2", "NC4", "Others"])
    #expect(sections.map { $0.rows.map(\.id) }[2] == ["nc2_norm", "nc2_etf_error"])
    #expect(sections.flatMap { $0.rows.map(\.id) }.count == 11)
  }

  @Test("A statistic has its mean, deviation and quotient; everything else is a remark in words")
  func rows() throws {
    let rows = try view(text).sections.flatMap(\.rows)
    func row(_ id: String) throws -> MeasuresView.Row { try #require(rows.first { $0.id == id }) }
    let cdnv = try row("nc1_cdnv")
    #expect([cdnv.value, cdnv.std, cdnv.cv, cdnv.collapse] == ["0.4806", "0.5", "", "→ 0"])
    #expect(cdnv.remarks == "infinite pairs 3, zero norms 1\u{202F}200" && cdnv.hasRemarks && cdnv.hasCollapse)
    let norm = try row("nc2_norm")
    #expect([norm.value, norm.std, norm.cv, norm.remarks] == ["10.82", "–", "0.2631", ""] && !norm.hasRemarks)
    #expect(try row("tokens").value == "20\u{202F}000" && !row("tokens").hasCollapse)
    #expect(try row("nc2_etf_error").value == "–" && row("new").value == "1.5" && row("new").title == "new")
  }

  @Test("Errors stand behind their numbers, and a corrected value beside the raw one or on a line of its own")
  func errors() throws {
    let view = try view(
      """
      {"nc1_quotient": 0.5, "nc1_quotient_corrected": 1.25, "nc1_cdnv_ratio_corrected": 3,
       "nc2_norm": {"mean": 2, "std": 0.25, "cv": 0.125}, "nc4": {"agreement": 0.5},
       "standard_errors": {"nc1_quotient": 0.0123, "nc1_quotient_corrected": 0.5, "nc4": {"agreement": 0.25},
       "nc2_norm": {"mean": 0.5, "cv": 0.01}}, "jackknife_bias": {"nc2_norm": {"cv": -0.03}}}
      """)
    let rows = view.sections.flatMap(\.rows)
    #expect(rows.prefix(3).map(\.id) == ["nc1_quotient", "nc1_cdnv_ratio_corrected", "nc2_norm"])
    #expect(rows[0].value == "0.5 ± 0.012" && rows[0].corrected == "1.25 ± 0.5" && rows[1].corrected == "")
    #expect([rows[2].value, rows[2].std, rows[2].cv] == ["2 ± 0.5", "0.25", "0.125"])
    #expect(rows[2].remarks == "bias above 2 errors: cv")
    #expect(rows[3].id == "nc4_agreement" && rows[3].value == "0.5 ± 0.25")
    let separate = view.separateSections.flatMap(\.rows)
    #expect(separate[1].id == "nc1_quotient_corrected" && separate[1].value == "1.25 ± 0.5")
    #expect(separate.allSatisfy { $0.corrected.isEmpty })
  }

  @Test("NC4 has five lines, counts and shares; only the agreement has a value under collapse")
  func agreement() throws {
    let rows = try #require(try view(text).sections.first { $0.title.hasPrefix("NC4") }).rows
    #expect(rows.map(\.id) == ["nc4_agreement", "nc4_samples", "nc4_hits", "nc4_accuracy", "nc4_ncc_accuracy"])
    #expect(rows.map(\.value) == ["0.1443", "3\u{202F}000", "433", "0.25", "–"])
    #expect(rows.map(\.hasCollapse) == [true, false, false, false, false])
  }

  @Test("The number of classes is an integer, or unknown")
  func classes() throws {
    #expect(try view(text).classes == 1528)
    #expect(try view("{\"classes\": 2.5}").classes == nil && view("[1]").classes == nil)
    #expect(try view("[1]").sections.isEmpty)
  }

  @Test("Numbers are found by their member, and are nil if it is missing")
  func paths() throws {
    let json = try view(text).json
    #expect(json["nc2_norm"]?.double("cv") == 0.263052 && json.double("tokens") == 20000)
    #expect(json["nc2_norm"]?.double("std") == nil && json.double("nc2_norm") == nil && json.double("x") == nil)
    #expect(json["text"]?.string == "no" && json["tokens"]?.string == nil)
    #expect(json["bands"]?.elements.count == 1 && json.elements.isEmpty)
  }
}
