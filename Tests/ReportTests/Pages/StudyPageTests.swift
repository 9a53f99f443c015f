import Testing

@testable import Report
@testable import Support

@Suite("The page of a study")
struct StudyPageTests {
  private func page(_ study: String, _ inputs: ReportInputs = ReportInputs(measures: ["out/s.json"])) throws -> Page {
    let json = try JSONValue(parsing: Array("{\"study\": \(study), \"provenance\": {\"a_b\": true}}".utf8))
    return try StudyPage(json, "out/s.json", checksum: "0f", inputs).content().page
  }

  private func texts(_ table: Page.Table) -> [[String]] { table.rows.map { [$0.name] + $0.cells.map(\.text) } }

  private let target = "\"target\": {\"name\": \"loss\", \"values\": [1, 2]}, \"models\": [\"a\", \"b\"]"

  @Test("One row per property; columns that were not requested, and empty remarks, are left out")
  func properties() throws {
    let page = try page(
      "{\(target), \"properties\": [{\"name\": \"x\", \"n\": 3, \"r2\": 0.25, \"r2_low\": 0.1, \"r2_high\": 0.5, "
        + "\"pearson\": -0.5, \"spearman\": null, \"p\": 0.01, \"p_holm\": null}]}")
    #expect(page.title == "Study: s" && page.lead.hasPrefix("2 models: how closely their loss follows"))
    #expect(page.tables.count == 1)
    #expect(
      page.tables[0].header.map(\.text) == ["Property", "n", "R²", "interval", "Pearson", "Spearman", "p"])
    #expect(texts(page.tables[0]) == [["x", "3", "0.25", "0.1 – 0.5", "−0.5", "–", "0.01"]])
    #expect(page.tables[0].note == "R² with its interval; p of the permutation test.")
    #expect(page.provenance.map(\.name).suffix(2) == ["seed", "a b"] && page.provenance.last?.value == "yes")
  }

  @Test("A result requested in some group has its column only there; remarks are words, not numbers")
  func groups() throws {
    let page = try page(
      "{\(target), \"title\": \"T\", \"given\": [\"w\", \"v\"], \"permutations\": 10000, \"seed\": -3, "
        + "\"properties\": [{\"name\": \"x\"}], \"groups\": [{\"by\": \"width\", \"value\": \"64\", \"properties\": "
        + "[{\"name\": \"x\", \"n\": 4, \"p_holm\": 0.5, \"partial\": 0.1, \"partial_p\": 1, \"remarks\": [\"one\", \"two\"]}]}]}"
    )
    #expect(page.title == "T" && page.tables.map(\.title) == ["Properties", "width = 64"])
    #expect(page.tables[0].header.count == 7 && page.tables[1].header.count == 11)
    #expect(texts(page.tables[1])[0].suffix(4) == ["0.5", "0.1", "1", "one, two"])
    #expect(page.tables[1].rows[0].cells.map(\.kind) == .init(repeating: "number", count: 9) + [""])
    #expect(
      page.tables[1].note
        == "R² with its interval; p of the permutation test, and after Holm’s correction; correlation given w, v.")
    #expect(page.provenance.first { $0.name == "permutations" }?.value == "10\u{202F}000")
    #expect(page.provenance.first { $0.name == "seed" }?.value == "-3")
  }

  @Test("A study without a target or properties is refused, and so are inputs for a single model")
  func wrong() {
    for study in ["{}", "{\"properties\": [{}]}", "{\(target)}", "{\(target), \"properties\": []}", "3"] {
      let error = #expect(throws: ReportError.self) { _ = try page(study) }
      #expect(error?.diagnosis.file == "out/s.json")
    }
    let error = #expect(throws: ReportError.self) {
      _ = try page("{\(target), \"properties\": [{}]}", ReportInputs(measures: ["out/s.json"], timeline: "t.csv"))
    }
    #expect(error?.diagnosis.file == "t.csv")
  }
}
