import Testing

@testable import Geometry
@testable import Moments

@Suite("Table for a terminal")
struct MeasuresTableTests {
  @Test("A line a measurement, columns aligned, no trailing spaces")
  func layout() throws {
    let none = try MomentsTable(means: [[1, 0], [-1, 0]]).measure()
    let pair = { Pair(squaredDistance: $0, variances: 0, cosine: 0, chord: 0) }
    let tally = PairTally([pair(0.5), pair(1.5), pair(.infinity)]) { $0.squaredDistance }
    let measures = Measures(
      [
        Measurement("tokens", .count(12)), .scalar("nc1_pinv", nil),
        Measurement(
          "nc1_cdnv", .overPairs(PairSummary(tally, zeroNorms: 0, sample: nil, id: "nc1_cdnv"))),
        .overClasses("nc2_norm", [1, 3, nil]),
      ], classes: none.classes, histograms: none.histograms)
    #expect(
      measures.table == """
                  value or mean      std        cv  under collapse  remarks
        tokens               12
        nc1_pinv              –                     → 0
        nc1_cdnv              1      0.5            → 0             infinite pairs: 1
        nc2_norm              2  1.41421  0.707107  cv → 0          zero norms: 1

        """)
  }
}
