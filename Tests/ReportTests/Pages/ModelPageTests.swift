import TestSupport
import Testing

@testable import Artefacts
@testable import Geometry
@testable import Report
@testable import Storage
@testable import Support

@Suite("The page of one model")
struct ModelPageTests {
  private func content(_ inputs: ReportInputs, _ text: String? = nil) throws -> PageContent {
    let text = text ?? SampleModel.measures(classes: 20)
    return try ModelPage(json: try JSONValue(parsing: Array(text.utf8)), checksum: "0f", inputs: inputs).content()
  }

  @Test("It has the figures of all inputs, and no remarks if nothing is missing")
  func whole() throws {
    let model = try SampleModel(classes: 20)
    let content = try withExtendedLifetime(model) { try self.content(model.inputs) }
    #expect(
      content.figures.map(\.name) == [
        "frequency", "norm", "norm_by_frequency", "cosine", "cosine_by_frequency", "nc4_by_frequency", "nc1_cdnv",
        "nc2_interference", "timeline", "nc2_norm_cv_over_samples",
      ])
    #expect(content.remarks.isEmpty && content.page.title == "Neural collapse: m")
    #expect(content.page.lead.hasPrefix("20\u{202F}000 samples of 20 token classes in 64 dimensions"))
    #expect(content.page.facts.map(\.value) == ["0.48", "0.26", "0.1443"])
    #expect(content.page.groups.map(\.title) == ["By frequency"] && content.page.classes != nil)
  }

  @Test("The table of a comparison is refused as such")
  func comparedClasses() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("c.csv", text: "token,count_a,count_b,norm_a,norm_b\n1,2,3,1.5,2.5\n")
    var inputs = ReportInputs(measures: ["m.json"])
    inputs.classes = file
    let error = #expect(throws: ReportError.self) { try content(inputs) }
    #expect(error?.description.contains("found a table of two states compared") == true)
    #expect(error?.description.contains("or report the comparison") == true)
  }

  private static let sure = """
    {"tokens": 9, "classes": 3, "dimension": 2, "nc1_cdnv_ratio": 0.14, "nc1_cdnv_ratio_corrected": 0.54,
     "nc1_cdnv": {"mean": 0.2, "std": 0.1},
     "standard_errors": {"nc1_cdnv_ratio": 0.001, "nc1_cdnv_ratio_corrected": 0.02, "nc1_cdnv": {"mean": 0.01}},
     "jackknife_bias": {"nc1_cdnv": {"mean": 0.5}},
     "by_min_count": [
       {"min_count": 1, "classes": 3, "samples": 9, "measures": {"nc1_cdnv_ratio": 0.14, "noise_share": 0.25,
        "nc1_cdnv_ratio_corrected": 0.54, "standard_errors": {"nc1_cdnv_ratio_corrected": 0.02}}},
       {"min_count": 2, "classes": 2, "samples": 8, "measures": {"nc1_cdnv_ratio": 0.33,
        "nc1_cdnv_ratio_corrected": 0.56}, "left_out": {"gnc2_log": "w"}},
       {"min_count": 5, "classes": 0, "samples": 0, "measures": null, "reason": "no class has 5 samples"}],
     "prefixes": [{"parts": 2, "samples": 5, "measures": {"nc1_cdnv_ratio": 0.1}},
       {"parts": 4, "samples": 9, "measures": {"nc1_cdnv_ratio": 0.14, "standard_errors": {"nc1_cdnv_ratio": 0.001}}}],
     "enough_samples": [{"id": "nc1_cdnv_ratio", "part": "value", "samples": 9},
       {"id": "nc1_cdnv", "part": "mean", "samples": null, "reason": "its bias exceeds two standard errors"}],
     "remarks": [{"id": "a", "text": "One <b>"}, {"id": "b", "text": "Two"}, {"id": "c", "text": "Three"},
       {"id": "d", "text": "Four"}, {"id": "e", "text": "Five"}, {"id": "f", "text": "Six"}]}
    """

  @Test("Headline numbers have their error and their correction; where the bias is too large there is no error")
  func certain() throws {
    let facts = try content(ReportInputs(measures: ["m.json"]), Self.sure).page.facts
    #expect(facts.map(\.name) == ["NC1 · CDNV ratio", "NC1 · CDNV, mean"] && facts.map(\.value) == ["0.14", "0.2"])
    #expect(facts.map(\.error) == ["± 0.001", nil] && facts.map(\.corrected) == ["corrected: 0.54 ± 0.02", nil])
  }

  @Test("Five remarks are shown and the others folded, all as text")
  func remarks() throws {
    let page = try content(ReportInputs(measures: ["m.json"]), Self.sure).page
    #expect(page.findings.shown.count == 5 && page.findings.others == ["Six"])
    let html = try page.html().whole
    #expect(html.contains("<li>One &lt;b&gt;</li>") && html.contains("<summary>One more remark</summary>"))
    #expect(html.contains("<a href=\"#remarks\">") && html.contains("<p class=\"note\">“Noise” is the share"))
    #expect(!(try content(ReportInputs(measures: ["m.json"])).page.html().whole.contains("id=\"remarks\"")))
  }

  @Test("Headlines are drawn over min-count and over growing parts, and a table says how many samples are enough")
  func varied() throws {
    let content = try content(ReportInputs(measures: ["m.json"]), Self.sure)
    #expect(content.figures.map(\.name) == ["nc1_cdnv_ratio_over_prefixes", "nc1_cdnv_ratio_by_min_count"])
    #expect(content.page.groups.map(\.title) == ["By min-count"])
    let table = try #require(content.page.tables.first)
    #expect(zip(table.rows, ["(nc1_cdnv_ratio)", "(nc1_cdnv_mean)"]).allSatisfy { $0.name.hasSuffix($1) })
    #expect(
      table.rows.map { $0.cells.map(\.text) } == [
        ["0.14 ± 0.001", "not reached"], ["–", "its bias exceeds two standard errors"],
      ])
  }

  @Test("A timeline with errors says from how many samples on its statistics have settled")
  func enough() throws {
    let model = try SampleModel(classes: 20)
    try model.folder.write(
      "timeline.csv",
      text: """
        samples,nc1_cdnv_ratio,nc1_cdnv_ratio_standard_error,nc1_cdnv_ratio_corrected,\
        nc1_cdnv_ratio_corrected_standard_error
        1000,2.0,,0.5,0.1
        2000,1.05,0.2,0.4,0.1
        20000,1.0,0.1,0.2,0.1

        """)
    let content = try content(model.inputs)
    let table = try #require(content.page.tables.first)
    #expect(
      table.id == "enough"
        && table.rows.map { $0.cells.map { $0.text.replacing("\u{202F}", with: " ") } } == [
          ["1 ± 0.1", "2 000"], ["0.2 ± 0.1", "not reached"],
        ])
    let figure = try #require(content.figures.first { $0.name == "nc1_cdnv_ratio_over_samples" })
    #expect(figure.data["nc1_cdnv_ratio_low"] == [nil, 1.05 - 0.2, 0.9] && figure.x.isLogarithmic)
    #expect(figure.data["nc1_cdnv_ratio_corrected"] == [0.5, 0.4, 0.2])
  }

  @Test("A missing input is remarked, with how to get it")
  func missing() throws {
    let content = try content(ReportInputs(measures: ["x/y.json"], tokenizer: "t.json", title: "T"))
    #expect(content.figures.isEmpty && content.page.classes == nil && content.page.title == "T")
    #expect(content.remarks.map { $0.prefix(13) } == ["no class tabl", "no histograms", "the tokenizer"])
  }

  @Test("A timeline with one row is left out with a remark; a table of other classes is refused")
  func others() throws {
    let model = try SampleModel(classes: 20)
    try model.folder.write("timeline.csv", text: "samples,nc1_quotient\n20000,2\n")
    #expect(try content(model.inputs).remarks == ["the timeline has only one row, so it is left out"])
    let error = #expect(throws: ReportError.self) {
      _ = try content(model.inputs, SampleModel.measures(classes: 21))
    }
    #expect(error?.diagnosis.file == model.folder.file("classes.csv") && error?.diagnosis.found == "20")
  }

  @Test("Tables and timelines of other measurements are refused by name, wherever their classes are as many")
  func mixed() throws {
    let model = try SampleModel(classes: 20)
    let digest = try ClassesReader(model.folder.file("classes.csv")).table.digest
    let sum = Checksum()
    sum.update(SampleModel.histograms)
    func measures(_ classes: String, _ histograms: String) -> String {
      SampleModel.measures(classes: 20).replacing(
        "\"min_count\"",
        with: "\"classes_digest\": \"\(classes)\", \"histograms_digest\": \"\(histograms)\", \"min_count\"")
    }
    #expect(try content(model.inputs, measures(digest, sum.value)).remarks.isEmpty)
    for (text, file) in [
      (measures("other", sum.value), "classes.csv"), (measures(digest, "other"), "histograms.csv"),
      (measures(digest, sum.value).replacing("20000", with: "20001"), "timeline.csv"),
    ] {
      let error = #expect(throws: ReportError.self) { _ = try content(model.inputs, text) }
      #expect(error?.diagnosis.file == model.folder.file(file))
      #expect(error?.diagnosis.expected.contains("m.json") == true)
    }
  }

  @Test("Provenance is written for people")
  func provenance() throws {
    let entries = try content(ReportInputs(measures: ["m.json"])).page.provenance
    #expect(entries.map(\.name) == ["report", "measurements", "tool", "types", "min count"])
    #expect(entries.map(\.value).suffix(4) == ["XXH3-128 0f", "collapse <b>", "yes", "1"])
    #expect(Page.Entry.all(nil).isEmpty && Page.Entry.all(["a"]).isEmpty)
    #expect(Page.Entry.all(["a": .boolean(false), "b": ["x": .integer(1)]]).map(\.value) == ["no", "{\"x\": 1}"])
  }
}
