import Testing

@testable import Artefacts
@testable import Geometry
@testable import Moments
@testable import Samples

@Suite("The table of histograms")
struct HistogramCSVTests {
  @Test("Two opposite means give one bin for every statistic, as CSV")
  func csv() throws {
    let table = MomentsTable(
      tokens: [0, 1], counts: [2, 2], means: Matrix(rows: 2, columns: 2, elements: [1, 0, -1, 0]), m2: [1, 1],
      withinScatter: nil)
    let lines = try Measures(of: ClassSelection(table)).histograms.csv.split(separator: "\n")
    #expect(lines.first == "statistic,lower,upper,pairs" && lines.count == 1 + Statistics.drawnOverPairs.count)
    let expected = """
      nc1_cdnv,0.125,0.140625,1
      nc1_cdnv_squared,0.03125,0.0390625,1
      nc2_interference,-1.0,-0.99609375,1
      nc2_interference_abs,0.99609375,1.0,1
      gnc2_log,-0.6931471805599453,-0.6921696631420436,1
      gnc2_distance,1.9980459203932226,2.0,1
      gnc2_riesz1,0.5,0.5004889976718836,1
      """.split(separator: "\n")
    #expect(lines.filter(expected.contains) == expected)
  }
}
