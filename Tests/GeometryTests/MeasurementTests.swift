import Embeddings
import Testing

@testable import Geometry

@Suite("Measurements")
struct MeasurementTests {
  @Test("A number that is not finite is undefined, and null")
  func undefined() {
    for value in [nil, Double.nan, .infinity] {
      #expect(Measurement.scalar("nc1_quotient", value).value == .scalar(nil))
      #expect(Measurement.scalar("nc1_quotient", value).json == .null)
    }
  }

  @Test("Counts are written as they are")
  func others() {
    #expect(Measurement("tokens", .count(3)).json == .integer(3))
  }
}
