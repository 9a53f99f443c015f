import Testing

@testable import Report

@Suite("The list of figures in a page")
struct FigureListTests {
  @Test("A page lists every file of its figures, with their checksums")
  func listed() async throws {
    let model = try SampleModel(classes: 50)
    let report = try await Report(model.inputs)
    let wanted = report.figures.flatMap { [("\($0.name).svg", $0.svg), ("\($0.name).csv", $0.csv)] }
    let sums = Dictionary(uniqueKeysWithValues: wanted.map { ($0.0, FigureList.sum(Array($0.1.utf8))) })
    #expect(FigureList(html: report.html).sums == sums && !sums.isEmpty)
  }

  @Test("Other pages list nothing")
  func others() {
    let sum = String(repeating: "0", count: 32)
    for html in [
      "", "<figure id=\"figure-a\">", "<figure id=\"figure-../a\" data-svg=\"\(sum)\" data-csv=\"\(sum)\">",
      "<figure id=\"figure-a\" data-svg=\"0\" data-csv=\"0\">",
    ] { #expect(FigureList(html: html).sums.isEmpty) }
  }
}
