import TestSupport
import Testing

@testable import Moments
@testable import Samples
@testable import Support

/// Rows whose moments are exact in doubles, so that every bit is known.
@Suite("Folding windows")
struct WindowFoldTests {
  /// All 0/1 vectors of 13 features, repeated: their mean is 1/2, and their scatter n/4 on the diagonal.
  private func corners(times: Int) -> [[Float]] {
    (0..<times << 13).map { row in (0..<13).map { Float(row >> $0 & 1) } }
  }

  @Test(
    "One class with more rows than one scatter update is exact, with any number of workers",
    arguments: [1, 2, 3], WithinScatter.allCases)
  func oneClass(threads: Int, within: WithinScatter) throws {
    let rows = corners(times: 1)
    #expect(rows.count > WindowFold.residualRows(dimension: 13))
    let moments = ClassMoments(dimension: 13, within: within, moments: .diagonal, workers: WorkerThreads(threads))
    try moments.fold(block([Int32](repeating: 6, count: rows.count), rows, .float16))
    let table = try moments.table
    #expect(table.counts == [8_192])
    #expect(table.means.elements == [Double](repeating: 0.5, count: 13))
    #expect(table.m2 == [8_192 * 13 / 4])
    #expect(table.diagonal?.elements == [Double](repeating: 2_048, count: 13))
    let scatter = try within.precision.map { _ in try #require(table.withinScatter).elements } ?? []
    for (place, found) in scatter.enumerated() { #expect(found == (place % 14 == 0 ? 2_048 : 0)) }
  }

  @Test("A class folded in two windows has the mean and the M2 of both", arguments: ScalarType.allCases)
  func twoWindows(scalar: ScalarType) throws {
    let moments = ClassMoments(dimension: 13, moments: .diagonal, workers: WorkerThreads(2))
    let rows = corners(times: 1)
    let labels = [Int32](repeating: 1, count: rows.count)
    try moments.fold(block(labels, rows, scalar))
    // All of them are one higher: means 1/2 and 3/2, M2 nd/4 each and n·d/2 between them.
    try moments.fold(block(labels, rows.map { $0.map { $0 + 1 } }, scalar))
    let table = try moments.table
    #expect(table.counts == [16_384])
    #expect(table.means.elements == [Double](repeating: 1, count: 13))
    #expect(table.m2 == [8_192 * 13])
    #expect(table.diagonal?.elements == [Double](repeating: 8_192, count: 13))
  }

  @Test("Classes with one row and with thousands in one window stay separate")
  func mixed() throws {
    let rows = corners(times: 1)
    let singletons = (0..<500).map { number in (0..<13).map { Float(number * 13 + $0) / 4 } }
    var (labels, features): ([Int32], [[Float]]) = ([], [])
    for (index, row) in rows.enumerated() {
      (labels, features) = (labels + [9_999], features + [row])
      if index % 16 == 0, index / 16 < 500 {
        (labels, features) = (labels + [Int32(index / 16)], features + [singletons[index / 16]])
      }
    }
    let moments = ClassMoments(dimension: 13, workers: WorkerThreads(2))
    try moments.fold(block(labels, features))
    let table = try moments.table
    #expect(table.tokens == Array(0..<500) + [9_999])
    #expect(table.m2 == [Double](repeating: 0, count: 500) + [8_192 * 13 / 4])
    for (number, row) in singletons.enumerated() { #expect(Array(table.means[row: number]) == row.map(Double.init)) }
    #expect(Array(table.means[row: 500]) == [Double](repeating: 0.5, count: 13))
  }
}
