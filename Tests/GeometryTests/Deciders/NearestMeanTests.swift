import TestSupport
import Testing

@testable import Deciding
@testable import Geometry
@testable import Moments
@testable import Samples

@Suite("Nearest class mean")
struct NearestMeanTests {
  private func table(_ means: [[Double]], lowPart: [[Double]]? = nil) -> MomentsTable {
    MomentsTable(
      tokens: means.indices.map { Int32(3 * $0 + 2) }, counts: means.map { _ in 2 }, means: Matrix(means),
      lowPart: lowPart.map { Matrix($0) }, m2: means.map { _ in 0 }, withinScatter: nil)
  }

  @Test("Means minus the mean of means, and their squares: (0, 2), (4, 2), (4, 10), (0, 10) about (2, 6)")
  func centred() throws {
    let means = try NearestMean(table([[0, 2], [4, 2], [4, 10], [0, 10]]))
    #expect(means.centre == [2, 6])
    #expect(means.squaredNorms == [20, 20, 20, 20])
    let rows = means.forProducts
    #expect(rows.elements == [-2, -4, 2, -4, 2, 4, -2, 4] && rows.exponent == 0)
    #expect(rows.largestNorm >= (20.0).squareRoot() && rows.largestNorm < 4.4722)
  }

  @Test("The row of a token is found, and none for other tokens", arguments: [1, 2, 7, 8])
  func rows(classes: Int) throws {
    let means = try NearestMean(table((0..<classes).map { [Double($0)] }))
    let found = (-1..<Int32(3 * classes + 3)).map { means.row(of: $0) }
    var expected = [Int?](repeating: nil, count: 3 * classes + 4)
    for row in 0..<classes { expected[3 * row + 3] = row }
    #expect(found == expected)
  }

  @Test("Scores are −‖h − μ‖², with both doubles of a mean if there are two")
  func scores() throws {
    // Nine features: one more than one step takes.
    let mean = (0..<9).map { Double($0 * $0) }
    let row = mean.enumerated().map { $1 + Double($0 - 4) }
    #expect(try NearestMean(table([mean, row])).score(0, for: row) == -60)
    #expect(try NearestMean(table([mean, row])).score(1, for: row) == 0)
    let carried = try NearestMean(table([mean, mean], lowPart: [mean.map { _ in 0x1p-60 }, mean.map { _ in 0 }]))
    #expect(carried.score(0, for: mean) == -9 * 0x1p-120)
    #expect(carried.score(1, for: mean) == 0)
  }

  @Test("The nearest by score is the nearest by brute force, and the first of those equally far")
  func nearest() throws {
    var generator = SeededGenerator(2)
    // Corners and middles of a small grid: many distances are equal, and all are exact.
    func point() -> [Double] { (0..<3).map { _ in Double(Int.random(in: 0...4, using: &generator)) / 2 } }
    let points = (0..<40).map { _ in point() }
    let means = try NearestMean(table(points))
    var ties = 0
    for _ in 0..<100 {
      let row = point()
      let scores = points.indices.map { means.score($0, for: row) }
      let distances = points.map { inner(minus(row, $0), minus(row, $0)) }
      let least = try #require(distances.min())
      ties += distances.count { $0 == least } > 1 ? 1 : 0
      #expect(scores.firstIndex(of: scores.max() ?? 0) == distances.firstIndex(of: least))
    }
    #expect(ties > 20)
  }

  @Test("A mean too far from the others is named, and so is a common offset that is too large")
  func outOfRange() {
    // Their mean is 2²⁴⁸, whose square is finite. About it, three of them are −2²⁴⁸ and one is three times as far.
    #expect(throws: GeometryError.outOfRange(token: 5, what: "centred class mean", norm: 3 * 0x1p248)) {
      try NearestMean(table([[0], [0x1p250], [0], [0]]))
    }
    #expect(throws: GeometryError.outOfRange(token: 2, what: "mean of class means", norm: 0x1p250)) {
      try NearestMean(table([[0x1p250], [0x1p250]]))
    }
  }
}
