import Foundation
import Testing

@testable import Report
@testable import Support

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite("Figures of several models")
struct ComparisonFiguresTests {
  private func measures(_ agreement: String) throws -> JSONValue {
    try JSONValue(parsing: Array("{\"nc4\": {\"agreement\": \(agreement)}, \"nc1_cdnv\": {\"mean\": 2}}".utf8))
  }

  @Test("One row per model, the first on top; missing values are empty and reported, and the axis includes collapse")
  func rows() throws {
    let figures = ComparisonFigures(
      names: ["a", "b", "c"], measures: [try measures("0.25"), try measures("null"), try measures("0.5")]
    ).all
    #expect(figures.map(\.name) == ["nc1_cdnv_mean", "nc4_agreement"])
    #expect(figures[1].data["row"] == [3, 2, 1])
    #expect(figures[1].data["nc4_agreement"] == [0.25, nil, 0.5])
    #expect(
      figures[1].finding
        == "From 0.25 (a) to 0.5 (c); under collapse it would be 1. Missing for 1 of 3 models.")
    #expect(figures[0].finding == "2 for every model; under collapse it would be 0.")
    for figure in figures {
      let mark = try #require(figure.marks.first).x
      let range = try #require(figure.x.range)
      #expect(range.contains(mark) && range.contains(0.5) == (figure.name == "nc4_agreement" || range.contains(2)))
    }
  }

  @Test("A statistic of a single model gives no comparison")
  func single() throws {
    let figures = ComparisonFigures(names: ["a", "b"], measures: [try measures("1"), .object([])]).all
    #expect(figures.isEmpty)
  }

  @Test("Names of models stay text in the drawing, whatever they hold; if there are too many, they are numbered")
  func names() async throws {
    let evil = "<script>\"§0§; quit"
    let some = ComparisonFigures(names: [evil, "b"], measures: [try measures("0.1"), try measures("0.2")]).all[1]
    let drawn = try await Gnuplot().draw(some)
    #expect(drawn.file.contains(Escaped.markup(evil)) && XMLParser(data: Data(drawn.file.utf8)).parse())
    let many = ComparisonFigures(
      names: (0..<40).map { "model \($0)" }, measures: try (0..<40).map { try measures("0.\($0)") }
    ).all[1]
    #expect(many.y.ticks.isEmpty && !many.y.label.isEmpty && many.data.csv.contains("model 39,1,0.39\n"))
  }
}
