import TestSupport
import Testing

@testable import Deciding
@testable import Geometry
@testable import Samples

@Suite("Slices of features")
struct FeatureSliceTests {
  private let rows: [[Double]] = [[0, 0], [3, 4], [13, 4], [-300, 400], [11, 2]]

  private func slice(_ range: Range<Int>, _ scalar: ScalarType = .float64, least: Int = -400) throws -> FeatureSlice {
    try FeatureSlice(block(rows.map { _ in 0 }, rows, scalar), rows: range, centre: [10, 0], leastExponent: least)
  }

  @Test("Rows minus a centre are divided by the power of two above their length", arguments: ScalarType.allCases)
  func divided(scalar: ScalarType) throws {
    let slice = try slice(1..<3, scalar)
    // (−7, 4), of length 8.06, is divided by 16; (3, 4), of length 5, by 8.
    #expect(slice.rows == 1..<3 && slice.exponents == [4, 3])
    #expect(slice.elements == [-0.4375, 0.25, 0.375, 0.5])
    for (norm, length) in zip(slice.norms, [(65.0).squareRoot() / 16, 0.625]) {
      #expect(norm >= length && norm < length * 1.0001)
    }
  }

  @Test("They are divided by the least power at least")
  func least() throws {
    let slice = try slice(2..<4, least: 5)
    // (−310, 400) is longer than 2⁵, so it is divided by 2⁹.
    #expect(slice.exponents == [5, 9])
    #expect(slice.elements == [0.09375, 0.125, -0.60546875, 0.78125])
    #expect(slice.norms[0] >= 0.15625 && slice.norms[0] < 0.15627)
  }

  @Test("A row at the centre stays zero, with a length that is not")
  func zero() throws {
    let slice = try FeatureSlice(
      block([0], [[10.0, 0]], .float64), rows: 0..<1, centre: [10, 0], leastExponent: -400)
    #expect(slice.elements == [0, 0] && slice.norms[0] > 0 && slice.norms[0] <= 1.001)
  }

  @Test("Some rows of a slice are those of the block with these numbers")
  func few() throws {
    let all = try slice(1..<5)
    let (few, direct) = (FeatureSlice(all, 1..<3), try slice(2..<4))
    #expect(few.rows == 2..<4 && few.elements == direct.elements)
    #expect(few.exponents == direct.exponents && few.norms == direct.norms)
  }

  @Test(
    "The first row that is not finite, or whose square overflows, is named", arguments: [Double.nan, .infinity, -1e75])
  func bad(value: Double) throws {
    let rows = [[1.0, 1], [9e74, 2], [3, value], [4, 4], [value, 0]]
    let features = block([Int32](repeating: 0, count: 5), rows, .float64)
    let error = #expect(throws: FeatureSlice.BadRow.self) {
      try FeatureSlice(features, rows: 1..<5, centre: [0, 0], leastExponent: 0)
    }
    #expect(error?.row == 2)
    #expect(throws: Never.self) { try FeatureSlice(features, rows: 0..<2, centre: [0, 0], leastExponent: 0) }
  }
}
