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

  @Test("Above d + 1 classes the mark is at what collapse can reach, not at 0")
  func floors() throws {
    func interference(_ classes: Int) throws -> JSONValue {
      try JSONValue(
        parsing: Array(
          "{\"classes\": \(classes), \"dimension\": 2, \"nc2_interference\": {\"mean\": 0, \"std\": 0.9}}".utf8))
    }
    func figure(_ classes: Int...) throws -> Figure? {
      ComparisonFigures(names: classes.map { "\($0)" }, measures: try classes.map(interference)).all.first
    }
    // √((K − d)/(d(K − 1)) − 1/(K − 1)²) = √(1/3 − 1/9) for K = 4, d = 2.
    let four = try figure(4, 4)
    #expect(abs((four?.marks.first?.x ?? 0) - (2.0 / 9).squareRoot()) < 1e-12)
    #expect(four?.finding == "0.9 for every model; under collapse it would be 0.4714.")
    #expect(try figure(3, 4)?.finding == "0.9 for every model; under collapse it would be 0 to 0.4714.")
  }

  /// Two models: a corrected ratio with an error, and a CDNV with a bias of half or of twice and a half its error.
  private func sure(bias: Double) throws -> JSONValue {
    try JSONValue(
      parsing: Array(
        """
        {"nc1_cdnv": {"mean": 2}, "nc1_cdnv_ratio": 0.14, "nc1_cdnv_ratio_corrected": 0.54,
         "standard_errors": {"nc1_cdnv": {"mean": 0.5}, "nc1_cdnv_ratio_corrected": 0.25},
         "jackknife_bias": {"nc1_cdnv": {"mean": \(bias)}, "nc1_cdnv_ratio_corrected": 0.1}}
        """.utf8))
  }

  @Test("Bars are one standard error, and left out with a reason where the bias exceeds two; corrections stand beside")
  func bars() async throws {
    let figures = ComparisonFigures(names: ["a", "b"], measures: [try sure(bias: -0.25), try sure(bias: 1.25)]).all
    let cdnv = try #require(figures.first { $0.name == "nc1_cdnv_mean" })
    #expect(cdnv.data["nc1_cdnv_mean_low"] == [1.5, nil] && cdnv.data["nc1_cdnv_mean_high"] == [2.5, nil])
    #expect(
      cdnv.finding.hasSuffix(
        "Bars are one standard error to each side. No bar for b: the bias exceeds two standard errors, so more samples "
          + "would move the value further than a bar says."))
    let ratio = try #require(figures.first { $0.name == "nc1_cdnv_ratio" })
    #expect(ratio.data["nc1_cdnv_ratio_corrected"] == [0.54, 0.54] && ratio.data["row_corrected"] == [1.75, 0.75])
    #expect(ratio.data["nc1_cdnv_ratio_corrected_high"] == [0.79, 0.79] && ratio.data["nc1_cdnv_ratio_low"].isEmpty)
    #expect(ratio.layers.map(\.label) == ["raw", "", "corrected"] && ratio.x.range?.contains(0.79) == true)
    // gnuplot draws a line for every bar: one for the CDNV of a, two for the corrected ratios.
    let plain = ComparisonFigures(names: ["a", "b"], measures: [try sure(bias: 9), try sure(bias: 9)]).all
    for (figure, bars) in [(cdnv, 1), (ratio, 2)] {
      let drawn = try await Gnuplot().draw(figure).file
      let without = try await Gnuplot().draw(figure.without(.spans)).file
      func lines(_ text: String) -> Int { text.matches(of: /M[0-9]/).count }
      #expect(lines(drawn) - lines(without) == bars, "\(figure.name)")
    }
    #expect(plain.first { $0.name == "nc1_cdnv_mean" }?.layers.count == 1)
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

extension Figure {
  enum Kind { case spans, intervals }

  /// The figure without its error bars.
  func without(_ kind: Kind) -> Figure {
    Figure(
      name: name, title: title, finding: finding, x: x, y: y, data: data,
      layers: layers.filter { layer in
        switch layer.shape {
        case .spans: kind != .spans
        case .intervals: kind != .intervals
        default: true
        }
      }, marks: marks)
  }
}
