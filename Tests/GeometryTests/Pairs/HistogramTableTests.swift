import Testing

@testable import Moments

@Suite("The table of histograms")
struct HistogramTableTests {
  @Test("Two opposite means make one bin of every statistic, as CSV")
  func csv() throws {
    let measures = try MomentsTable(means: [[1, 0], [-1, 0]], m2: [1, 1]).measure()
    #expect(
      measures.histograms.csv == """
        statistic,lower,upper,pairs
        nc1_cdnv,0.125,0.140625,1
        nc1_cdnv_squared,0.03125,0.0390625,1
        nc2_interference,-1.0,-0.99609375,1
        nc2_interference_abs,0.99609375,1.0,1
        gnc2_log,-0.6931471805599453,-0.6921696631420436,1
        gnc2_distance,1.9980459203932226,2.0,1
        gnc2_riesz1,0.5,0.5004889976718836,1

        """)
  }
}
