import Testing

@testable import Deciding
@testable import Geometry

@Suite("Vectors in single precision")
struct SinglePrecisionRowsTests {
  /// Vectors (3, 4)·s and (0, −1)·s.
  private func rows(_ scale: Double) -> SinglePrecisionRows {
    let vectors = [[3 * scale, 4 * scale], [0, -scale]]
    return SinglePrecisionRows(rows: 2, columns: 2, largestNorm: 5 * scale) { row, out in
      for (column, value) in vectors[row].enumerated() { out[column] = value }
    }
  }

  @Test("Lengths that fit a float with room to spare are unchanged", arguments: [0x1p-60, 1, 0x1p57])
  func comfortable(scale: Double) {
    let rows = rows(scale)
    #expect(rows.exponent == 0 && rows.rows == 2)
    #expect(rows.elements == [3, 4, 0, -1].map { Float($0 * scale) })
    #expect(rows.largestNorm > 5 * scale && rows.largestNorm < 5.001 * scale)
  }

  @Test(
    "Others are divided by a power of two, so that the longest is from ½ to 1",
    arguments: [0x1p-400, 0x1p-63, 0x1p58, 0x1p240])
  func divided(scale: Double) {
    let rows = rows(scale)
    // 5 is 1.25 · 2².
    #expect(rows.exponent == Int(scale.exponent) + 3)
    #expect(rows.elements == [0.375, 0.5, 0, -0.125])
    #expect(rows.largestNorm > 0.625 && rows.largestNorm < 0.6251)
  }

  @Test("Zero vectors stay zero")
  func zero() {
    let rows = rows(0)
    #expect(rows.elements.allSatisfy { $0 == 0 } && rows.largestNorm > 0)
    #expect(rows.exponent == -479)
  }

  @Test("Floats are shared if they need no division, and their length is not taken for zero")
  func shared() {
    #expect([0, 0x1p-60, 1, 0x1p60].allSatisfy { SinglePrecisionRows.canShare(largestNorm: $0) })
    #expect(![0x1p-61, 0x1p61, .infinity].contains { SinglePrecisionRows.canShare(largestNorm: $0) })
    let zeros = SinglePrecisionRows(columns: 2, largestNorm: 0, exact: [0, 0, 0, 0])
    #expect(zeros.largestNorm == 0x1p-60 && zeros.rows == 2 && zeros.exponent == 0)
    #expect(SinglePrecisionRows(columns: 0, largestNorm: 1, exact: []).rows == 0)
    #expect(rows(0x1p100).exponent == 103 && rows(0x1p100).columns == 2)
  }

  @Test("Powers of two are exact, and zero or infinite beyond the range of a double")
  func powers() {
    #expect(
      [-1075, -1074, 0, 10, 1023, 1024].map { power(ofTwo: $0) } == [0, 0x1p-1074, 1, 1024, 0x1p1023, .infinity])
  }
}
