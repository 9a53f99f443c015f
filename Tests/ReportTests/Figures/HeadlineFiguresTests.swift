import Foundation
import Testing

@testable import Geometry
@testable import Report
@testable import Storage
@testable import Support

@Suite("Headlines over something varied")
struct HeadlineFiguresTests {
  private func json(_ text: String) throws -> JSONValue { try JSONValue(parsing: Array(text.utf8)) }

  private static let bands = """
    {"bands": [
      {"band": 1, "measures": {"nc1_cdnv": {"mean": 3}, "nc2_norm": {"cv": 0.5},
       "standard_errors": {"nc1_cdnv": {"mean": 1}, "nc2_norm": {"cv": 0.125}}, "jackknife_bias": {"nc1_cdnv": {"mean": -2.5}}}},
      {"band": 2, "measures": null, "reason": "x"},
      {"band": 3, "measures": {"nc1_cdnv": {"mean": 2}, "nc2_norm": {"cv": 0.25}}}],
     "types": [{"type": "word", "measures": {"nc1_cdnv": {"mean": 1}}}, {"type": "<b>", "measures": {"nc1_cdnv": {"mean": 2}}}]}
    """

  @Test("By band: each headline that two bands have, with the bars that are known and why others are not drawn")
  func bands() async throws {
    let figures = try #require(HeadlineFigures(.bands, of: json(Self.bands))).all
    #expect(figures.map(\.name) == ["nc1_cdnv_mean_by_band", "nc2_norm_cv_by_band"])
    #expect(figures[0].data["nc1_cdnv_mean"] == [3, nil, 2] && figures[0].data["band"] == [1, 2, 3])
    #expect(figures[0].layers.count == 2 && figures[1].layers.count == 3)
    #expect(figures[1].data["nc2_norm_cv_low"] == [0.375, nil, nil])
    #expect(
      figures[0].finding.hasPrefix(
        "From 3 (band 1) to 2 (band 3); under collapse it would be 0. No bar for band 1: the bias exceeds two"))
    #expect(
      figures[1].finding
        == "From 0.5 ± 0.12 (band 1) to 0.25 (band 3); under collapse it would be 0. Bars are one standard error to each "
        + "side.")
    let lines = { (text: String) in text.matches(of: /M[0-9]/).count }
    let drawn = try await Gnuplot().draw(figures[1]).file
    #expect(lines(drawn) - lines(try await Gnuplot().draw(figures[1].without(.intervals)).file) > 0)
  }

  @Test("By type there are no lines between points, and names stay text")
  func types() async throws {
    let figures = try #require(HeadlineFigures(.types, of: json(Self.bands))).all
    #expect(figures.map(\.name) == ["nc1_cdnv_mean_by_type"] && figures[0].layers.count == 1)
    #expect(try await Gnuplot().draw(figures[0]).file.contains("&lt;b&gt;"))
  }

  @Test("Nothing is drawn of one place, of other versions' files, or of impossible min-counts")
  func none() throws {
    for text in [
      "{}", "{\"by_min_count\": 3}", "{\"by_min_count\": [{\"min_count\": 1, \"measures\": {}}]}",
      "{\"by_min_count\": [{\"min_count\": -1}, {\"min_count\": 0}, {\"min_count\": \"x\"}]}",
    ] { #expect(HeadlineFigures(byMinCount: try json(text)) == nil, "\(text)") }
    #expect(HeadlineFigures(.bands, of: try json("{\"bands\": [{}]}")) == nil)
    #expect(try #require(HeadlineFigures(.bands, of: try json("{\"bands\": [{}, {}]}"))).all.isEmpty)
    #expect(HeadlineFigures(prefixes: try json("{\"prefixes\": [{\"samples\": 0}, {\"samples\": 3}]}")) == nil)
    #expect(try HeadlineFigures(CSVTable(Array("samples,x\n1,2\n".utf8), file: "t.csv")) == nil)
  }

  @Test("Ends of bars that do not fit a double are left out")
  func hostile() {
    let reading = Reading(1.7e308, bar: 1e308)
    #expect(reading.high == nil && abs((reading.low ?? 0) / 0.7e308 - 1) < 1e-15)
    #expect(Reading(.nan, bar: 1) == Reading(nil) && Reading(1, bar: .infinity) == Reading(1))
    #expect(Reading(0.5421, bar: 0.0134).text == "0.5421 ± 0.013" && Reading(nil, bar: 1).text == "–")
  }
}
