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
        "nc2_interference", "timeline",
      ])
    #expect(content.remarks.isEmpty && content.page.title == "Neural collapse: m")
    #expect(content.page.lead.hasPrefix("20\u{202F}000 samples of 20 token classes in 64 dimensions"))
    #expect(content.page.facts.map(\.value) == ["0.48", "0.26", "0.1443"])
    #expect(content.page.groups.map(\.title) == ["By frequency"] && !content.page.classes.isEmpty)
  }

  @Test("A missing input is remarked, with how to get it")
  func missing() throws {
    let content = try content(ReportInputs(measures: ["x/y.json"], tokenizer: "t.json", title: "T"))
    #expect(content.figures.isEmpty && content.page.classes.isEmpty && content.page.title == "T")
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
