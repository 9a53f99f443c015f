import Testing

@testable import Geometry
@testable import Moments

@Suite("Measurements")
struct MeasurementTests {
  @Test("A number that is not finite is undefined, and null")
  func undefined() {
    for value in [nil, Double.nan, .infinity] {
      #expect(Measurement.scalar(Traces.quotient, value).value == .scalar(nil))
      #expect(Measurement.scalar(Traces.quotient, value).json == .null)
    }
  }

  @Test("As columns of a table, numbers have the name of their statistic and of their part")
  func numbers() throws {
    let measures = try MomentsTable(means: [[1, 0], [-1, 0]], m2: [1, 1]).measure()
    let names = ["tokens", "nc1_quotient", "nc1_cdnv", "nc2_norm"].compactMap { measures[$0]?.numbers.map(\.name) }
    #expect(
      names == [
        ["tokens"], ["nc1_quotient"], ["nc1_cdnv_mean", "nc1_cdnv_std"],
        ["nc2_norm_mean", "nc2_norm_std", "nc2_norm_cv"],
      ])
    #expect(measures["nc1_cdnv"]?.numbers.map(\.value) == [0.125, 0])
  }

  @Test("Counts are written as they are")
  func others() {
    #expect(Measurement(Sizes.samples, .count(3)).json == .integer(3))
  }
}
