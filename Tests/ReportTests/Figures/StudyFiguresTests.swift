import Testing

@testable import Report
@testable import Support

@Suite("Figures of a study")
struct StudyFiguresTests {
  private func figure(_ values: [Double?], _ losses: [Double?], r2: String = "0.5", bars: String = "") throws -> Figure
  {
    func list(_ numbers: [Double?]) -> String { numbers.map { $0.map { "\($0)" } ?? "null" }.joined(separator: ",") }
    let text = """
      {"target": {"name": "loss", "values": [\(list(losses))]}, "models": [],
       "properties": [{"name": "p", "expression": "p", "values": [\(list(values))], "r2": \(r2)\(bars)}]}
      """
    return try #require(StudyFigures(JSONValue(parsing: Array(text.utf8))).all.first)
  }

  @Test("An axis is logarithmic for positive values over more than a factor of ten, the target's too")
  func axes() throws {
    for (values, isLogarithmic) in [
      ([1, 10.5, 3], true), ([1, 10, 3], false), ([-1, 100, 3], false), ([0, 100, 3], false), ([1, nil, 100], true),
    ] as [([Double?], Bool)] {
      #expect(try figure(values, [1, 2, 3]).x.isLogarithmic == isLogarithmic, "\(values)")
      #expect(try figure([1, 2, 3], values).y.isLogarithmic == isLogarithmic, "\(values)")
    }
  }

  @Test(
    "R² on a logarithmic axis is also given for the logarithm: 1 for points on a line there, 27/28 for three others")
  func logarithms() throws {
    #expect(try figure([1, 100, 10], [2, 6, 4]).corner == "R² 0.50, log 1.00")
    // Logarithms 0, 1, 2 over 0, 1, 3: r² = 3²/(2 · 42/9).
    #expect(abs(try #require(StudyFigures.logarithmic([1, 10, 100], [0, 1, 3])) - 27.0 / 28) < 1e-12)
    #expect(try figure([1, 2, 3], [2, 6, 4]).corner == "R² = 0.5")
    #expect(try figure([1, 100, 10], [2, 6, 4], r2: "null").corner.isEmpty)
  }

  @Test("Models have the error bars of the study, where it has some; a logarithmic axis has no bar down to 0")
  func bars() throws {
    let some = try figure([1, 2, 3], [2, 6, 4], bars: ", \"error_bars\": [0.5, null, 1]")
    #expect(some.data["low"] == [0.5, nil, 2] && some.data["high"] == [1.5, nil, 4])
    #expect(some.layers.map(\.shape).first == .spans(y: "target", low: "low", high: "high"))
    #expect(
      some.finding.hasSuffix(
        "Bars are one standard error to each side. 1 of 3 models have none: no error is known, or the bias exceeds two "
          + "of it."))
    let logarithmic = try figure([1, 20, 300], [2, 6, 4], bars: ", \"error_bars\": [1, 5, 1]")
    #expect(logarithmic.data["low"] == [nil, 15, 299])
    #expect(try figure([1, 2, 3], [2, 6, 4]).data["low"].isEmpty)
  }

  @Test("Two pairs, and targets that are all equal, have no R² of logarithms")
  func undefined() {
    #expect(StudyFigures.logarithmic([1, 100, nil], [1, 2, 3]) == nil)
    #expect(StudyFigures.logarithmic([1, 100, 10], [2, 2, 2]) == nil)
    #expect(StudyFigures.logarithmic([], []) == nil)
  }
}
