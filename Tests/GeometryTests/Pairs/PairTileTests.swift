import CollapseKernels
import Testing

@testable import Geometry
@testable import Moments
@testable import Samples

@Suite("Tiles of pairs")
struct PairTileTests {
  private func tile(
    _ means: CentredMeans, rows: Range<Int>, columns: Range<Int>,
    shifts: [Double] = .init(repeating: 0, count: COLLAPSE_PAIR_STATISTICS)
  ) -> PairTile {
    PairTile(
      means, try! ClassPanels(means, threads: 1), rows: rows, columns: columns, Statistics.overPairs, shifts: shifts,
      scratch: PairTileScratch(tile: 24))
  }

  /// The pairs a < b of a tile, computed from the difference or not as ``Pair`` decides.
  private func pairs(_ means: CentredMeans, _ rows: Range<Int>, _ columns: Range<Int>) -> [(a: Int, b: Int, Pair)] {
    rows.flatMap { a in
      columns.filter { $0 > a }.map { b in
        (a, b, means.pair(a, b, inner: inner(Array(means.centred[row: a]), Array(means.centred[row: b]))))
      }
    }
  }

  private func expectPlain(_ means: CentredMeans, rows: Range<Int>, columns: Range<Int>) {
    let tile = tile(means, rows: rows, columns: columns, shifts: PairShifts(means).values)
    let plain = pairs(means, rows, columns)
    for (statistic, accumulator) in zip(Statistics.overPairs, tile.tallies) {
      let expected = statistic.accumulator(plain.map { $0.2 })
      #expect(accumulator.spread.count == expected.spread.count, "\(statistic.id)")
      #expect(accumulator.infinitePairs == expected.infinitePairs)
      #expect(accumulator.undefinedPairs == expected.undefinedPairs)
      #expect(accumulator.counts.reduce(0, +) == expected.counts.reduce(0, +))
      #expect(expected.counts.isEmpty || accumulator.counts == expected.counts)
      #expect(abs(accumulator.spread.mean - expected.spread.mean) <= 1e-13 * max(abs(expected.spread.mean), 1e-2))
      #expect(abs(accumulator.spread.m2 - expected.spread.m2) <= 1e-12 * max(expected.spread.m2, 1e-12))
    }
    for (row, neighbourhood) in zip(rows, tile.rows) {
      var expected = Neighbourhood()
      for (a, b, pair) in plain where a == row { expected.fold(pair, other: b) }
      #expect(neighbourhood.nearest == expected.nearest)
      #expect(close(neighbourhood.meanCDNV, expected.meanCDNV))
    }
    for (column, neighbourhood) in zip(columns, tile.columns) {
      var expected = Neighbourhood()
      for (a, b, pair) in plain where b == column { expected.fold(pair, other: a) }
      #expect(neighbourhood.nearest == expected.nearest)
      #expect(close(neighbourhood.meanCDNV, expected.meanCDNV))
    }
  }

  private func close(_ a: Double?, _ b: Double?) -> Bool {
    guard let a, let b else { return a == nil && b == nil }
    return abs(a - b) <= 1e-13 * abs(b)
  }

  @Test(
    "The kernel agrees with the plain version, on and off the diagonal",
    arguments: [(0..<8, 0..<8), (0..<16, 16..<24), (0..<24, 0..<24), (8..<16, 16..<21), (16..<21, 16..<21)])
  func random(rows: Range<Int>, columns: Range<Int>) throws {
    expectPlain(
      try MomentsTable.random(max(rows.upperBound, columns.upperBound), 11).centred(), rows: rows, columns: columns)
  }

  @Test("Identical means, parallel ones, and one at the global mean agree with the plain version")
  func exceptions() throws {
    var means = Matrix.random(19, 5, seed: 8).vectors
    means[3] = means[11]
    means[4] = means[12].map { $0 + 1e-9 }
    let centre = means[0].indices.map { j in means.reduce(0) { $0 + $1[j] } / 19 }
    means.append(centre)
    means.append(zip(centre, means[5]).map { $0 + 2 * ($1 - $0) })
    // One that keeps the global mean in place.
    means.append(zip(centre, means[5]).map { $0 - 2 * ($1 - $0) })
    let centred = try MomentsTable(means: means).centred()
    #expect(centred.zeroNorms == 1)
    expectPlain(centred, rows: 0..<22, columns: 0..<22)
    expectPlain(centred, rows: 0..<16, columns: 16..<22)
  }

  @Test("Variances too large for the fourth power are infinite only there")
  func overflow() throws {
    let means = (0..<8).map { i in [Double(i) * 1e-72, Double(i % 3) * 1e-72] }
    let table = MomentsTable(means: means, m2: [Double](repeating: 1e60, count: 8))
    expectPlain(try table.centred(), rows: 0..<8, columns: 0..<8)
  }
}
