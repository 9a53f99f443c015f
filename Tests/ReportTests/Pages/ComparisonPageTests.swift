import Testing

@testable import Report
@testable import Support

@Suite("The page of several models")
struct ComparisonPageTests {
  private func page(_ models: [(String, String)], title: String? = nil, classes: String? = nil) throws -> Page {
    try ComparisonPage(
      models.map { ($0.0, try JSONValue(parsing: Array($0.1.utf8)), "sum of \($0.0)") },
      ReportInputs(measures: models.map(\.0), classes: classes, title: title)
    ).content().page
  }

  private let models = [
    ("a/m.json", "{\"tokens\": 1000, \"nc1_cdnv\": {\"mean\": 0.5, \"std\": 0.25}, \"nc2_norm\": {\"mean\": 1}}"),
    ("b/m.json", "{\"nc4\": {\"agreement\": 0.125}, \"nc1_cdnv\": {\"mean\": 2}, \"tokens\": 7}"),
  ]

  @Test("One row for each statistic of any model, with each model's value, and the deviation if it has one")
  func rows() throws {
    let table = try #require(try page(models).tables.first)
    #expect(table.header.map(\.text) == ["Statistic", "Under collapse", "a", "b"])
    let rows = table.rows.map { [$0.name] + $0.cells.map(\.text) }
    #expect(
      rows.prefix(2) == [
        ["Samples N (tokens)", "", "1\u{202F}000", "7"],
        ["Class-distance normalized variance (nc1_cdnv)", "→ 0", "0.5 (0.25)", "2"],
      ])
    #expect(rows[2].suffix(2) == ["1", "–"] && rows[3].suffix(2) == ["–", "0.125"])
    // One each: five of NC4 come from the second model.
    #expect(rows.count == 8 && table.rows[0].cells.map(\.kind) == ["", "number", "number"])
  }

  @Test("What depends on scale is named, and each model's value under collapse is that of its sizes")
  func remarks() throws {
    let page = try page(models)
    #expect(
      page.findings.shown == ["nc2_norm changes with the scale of features, which models and layers need not share"])
    let frames = [3, 4, 4].enumerated().map { place, classes in
      ("\(place).json", #"{"tokens": 9, "classes": \#(classes), "dimension": 2, "nc2_etf_error": 1}"#)
    }
    let compared = try self.page(frames)
    let row = try #require(compared.tables.first?.rows.last)
    #expect(row.cells.first?.text == "→ 0; → 0.606" && compared.findings.isEmpty)
  }

  @Test("Each model's file is identified by its checksum, and the page by its title")
  func provenance() throws {
    let page = try page(models, title: "T")
    #expect(try page.title == "T" && self.page(models).title == "Neural collapse of 2 models")
    #expect(page.provenance.dropFirst().map(\.name) == ["a", "b"])
    #expect(page.provenance.last?.value == "XXH3-128 sum of b/m.json")
    let error = #expect(throws: ReportError.self) { _ = try self.page(models, classes: "c.csv") }
    #expect(error?.diagnosis.file == "c.csv" && error?.diagnosis.found == "2 files of measurements")
  }
}
