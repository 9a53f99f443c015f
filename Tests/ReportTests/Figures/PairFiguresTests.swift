import Testing

@testable import Report
@testable import Storage

@Suite("Figures of histograms of pairs")
struct PairFiguresTests {
  private func figures(_ lines: String) throws -> PairFigures {
    try PairFigures(CSVTable(Array("statistic,lower,upper,pairs\n\(lines)".utf8), file: "h.csv"), "h.csv")
  }

  @Test("Pairs: densities of bins with two ends, over all pairs; over decades if the statistic is logarithmic")
  func pairs() throws {
    let figures = try PairFigures(CSVTable(Array(SampleModel.histograms.utf8), file: "h.csv"), "h.csv").figures(
      classes: 101)
    #expect(figures.map(\.name) == ["nc1_cdnv", "nc2_interference"])
    #expect(figures[0].data["lower"] == [0.125, 0.25])
    let decades: Double = 0.301_029_995_663_981_2
    let wanted: [Double] = [40.0 / 106 / decades, 60.0 / 106 / decades]
    for (density, wanted) in zip(figures[0].data["density"], wanted) {
      #expect(abs(try #require(density) - wanted) < 1e-12)
    }
    #expect(figures[0].marks.isEmpty)
    #expect(figures[1].data["density"] == [0.6, 2, 20.0 / 100 / 0.75])
    #expect(figures[1].marks.map(\.x) == [-0.01])
  }

  @Test("Bins of a statistic belong together wherever they are, and statistics come in order of appearance")
  func order() throws {
    let found = try figures("b,0,1,2\na,0,1,3\nb,1,2,4\n").histograms
    #expect(found.map(\.id) == ["b", "a"])
    #expect(found[0] == .init(id: "b", lower: [0, 1], upper: [1, 2], pairs: [2, 4]))
    #expect(try figures("b,0,1,2\n").figures(classes: 3).isEmpty)
  }

  @Test("Bins beyond the outermost thousandths are not shown, and the text says so")
  func shown() throws {
    // 1 of 2 000 pairs is below one thousandth on each side.
    let found = try figures(
      "nc2_interference,-1,-0.5,1\nnc2_interference,-0.5,0,999\nnc2_interference,0,0.5,999\nnc2_interference,0.5,1,1\n")
    let figure = try #require(found.figures(classes: nil).first)
    #expect(figure.data["lower"] == [-0.5, 0] && figure.data["pairs"] == [999, 999] && figure.marks.isEmpty)
    #expect(figure.data["density"] == [0.999, 0.999])
    #expect(
      figure.finding.replacing("\u{202F}", with: " ")
        == "Over 2 000 pairs of classes the median lies between −0.5 and 0, and eight of ten pairs between −0.5 and 0.5. "
        + "0.1 % of the pairs lie beyond the axis.")
  }

  @Test("A logarithmic axis has no bin from 0, but all pairs count; under collapse all would be in one place")
  func logarithmic() throws {
    let found = try figures(
      "nc1_cdnv,0,0.01,10\nnc1_cdnv,0.01,0.1,30\nnc1_cdnv,0.1,10,60\ngnc2_distance,0,1,4\ngnc2_distance,1,2,4\n")
    let all = found.figures(classes: 3)
    #expect(all.map(\.name) == ["nc1_cdnv", "gnc2_distance"] && all[0].x.isLogarithmic && !all[1].x.isLogarithmic)
    // 30 and 60 of 100 in one decade and in two.
    let density = all[0].data["density"].compactMap { $0 }
    #expect(density.count == 2 && abs(density[0] - 0.3) < 1e-12 && abs(density[1] - 0.3) < 1e-12)
    // Three directions on a circle are √3 apart.
    #expect(abs((all[1].marks.first?.x ?? 0) - (3.0).squareRoot()) < 1e-15)
    #expect(all[1].finding.hasSuffix("; under collapse all would be at 1.732."))
  }

  @Test("A statistic without pairs has no figure")
  func empty() throws {
    #expect(try figures("nc1_cdnv,1,2,0\nnc1_cdnv,2,inf,0\n").figures(classes: 3).isEmpty)
    #expect(try figures("nc1_cdnv,2,inf,5\n").figures(classes: 3).isEmpty)
  }

  @Test(
    "A table without a column is refused, and so are unordered edges and invalid counts, with their positions",
    arguments: ["1,1,5", "2,1,5", "1,2,-1", "1,2,x", ",2,1", "nan,2,1"])
  func wrong(row: String) {
    let error = #expect(throws: ReportError.self) { try figures("nc1_cdnv,0,1,5\nnc1_cdnv,\(row)\n") }
    #expect(error?.diagnosis.file == "h.csv:3:10" && error?.isBadInput == true)
    let columns = #expect(throws: ReportError.self) {
      try PairFigures(CSVTable(Array("statistic,lower,upper\na,1,2\n".utf8), file: "h.csv"), "h.csv")
    }
    #expect(columns?.diagnosis.found == "the columns statistic, lower, upper")
  }
}
