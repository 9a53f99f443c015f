import Testing

@testable import Report
@testable import Support

@Suite("Groups of classes in a page")
struct GroupsViewTests {
  private func views(_ text: String) throws -> [GroupsView] { GroupsView.all(try JSONValue(parsing: Array(text.utf8))) }

  @Test("One row per band: classes, the range of their counts, samples, and the statistics that any band has")
  func bands() throws {
    let found = try views(
      """
      {"bands": [
        {"band": 1, "classes": 1200, "smallest_count": 1, "largest_count": 3, "samples": 45000,
         "measures": {"nc1_cdnv": {"mean": 0.25, "std": 0.1}, "nc4": {"agreement": 0.5}, "nc2_norm": {"mean": 3}}},
        {"band": 2, "classes": 1, "smallest_count": 4000, "largest_count": 4000, "samples": 4000, "measures": null}]}
      """)
    #expect(found.count == 1 && found[0].title == "By frequency")
    #expect(found[0].header == ["band", "classes", "samples of a class", "samples", "CDNV", "NC4"])
    #expect(
      found[0].rows.map { $0.map { $0.replacing("\u{202F}", with: " ") } } == [
        ["1", "1 200", "1–3", "45 000", "0.25", "0.5"], ["2", "1", "4 000", "4 000", "–", "–"],
      ])
  }

  @Test("Types come after bands, with their names; a missing value is a dash, or empty")
  func types() throws {
    let found = try views("{\"types\": [{\"type\": \"word_start\", \"classes\": 1.5}], \"bands\": [{}]}")
    #expect(found.map(\.title) == ["By frequency", "By type of token"])
    #expect(found[1].header.first == "type" && found[1].rows == [["word_start", "–", "", "–"]])
    #expect(found[0].rows == [["", "–", "", "–"]])
  }

  @Test("Numbers have their errors, and corrections stand beside; a min-count says what it lacks")
  func certain() throws {
    let found = try views(
      """
      {"by_min_count": [
        {"min_count": 1, "classes": 30, "samples": 1200, "measures": {"nc1_cdnv_ratio": 0.14, "noise_share": 0.38,
         "nc1_cdnv_ratio_corrected": 0.54, "gnc2_log": {"std": 0.5}, "standard_errors": {"nc1_cdnv_ratio_corrected": 0.01}}},
        {"min_count": 2, "classes": 9, "samples": 1000, "measures": {"nc1_cdnv_ratio": 0.33},
         "left_out": {"gnc2_log": "w"}},
        {"min_count": 5, "classes": 0, "samples": 0, "measures": null, "reason": "no class has 5 samples or more"}]}
      """)
    #expect(found.map(\.title) == ["By min-count"])
    #expect(
      found[0].header == ["min-count", "classes", "samples", "noise", "CDNV ratio", "corrected", "log energy std"])
    #expect(
      found[0].rows.map { $0.map { $0.replacing("\u{202F}", with: " ") } } == [
        ["1", "30", "1 200", "38.0 %", "0.14", "0.54 ± 0.01", "0.5"],
        ["2", "9", "1 000", "–", "0.33", "–", "–"], ["5", "0", "0", "–", "–", "–", "–"],
      ])
    #expect(
      found[0].note
        == "“Noise” is the share of sampling noise in tr Σ_B. No class has 5 samples or more. gnc2_log: a dash if it "
        + "needs its own sweep over pairs.")
  }

  @Test("An invalid count is shown as it is")
  func hostile() throws {
    let found = try views("{\"bands\": [{\"band\": 1, \"smallest_count\": 1e300, \"largest_count\": -1e300}]}")
    #expect(found[0].rows[0][2] == "−1e+300–1e+300")
  }

  @Test("Without groups there is nothing")
  func none() throws {
    for text in ["{}", "{\"bands\": []}", "{\"bands\": 3, \"types\": null}", "[]"] {
      #expect(try views(text).isEmpty, "\(text)")
    }
  }
}
