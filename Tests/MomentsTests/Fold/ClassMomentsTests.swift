import TestSupport
import Testing

@testable import Moments
@testable import Samples
@testable import Support

@Suite("Class moments")
struct ClassMomentsTests {
  @Test("Three samples, checked by hand")
  func byHand() throws {
    let moments = ClassMoments(dimension: 2, within: .pooled)
    try moments.fold(block([1, 1, 4], [[0, 0], [2, 4], [5, 5]] as [[Float]]))
    let table = try moments.table
    #expect(table.tokens == [1, 4])
    #expect(table.counts == [2, 1])
    #expect(table.means.elements == [1, 2, 5, 5])
    #expect(table.m2 == [10, 0])
    #expect(moments.repeatedClasses == 1)
    #expect(zip(table.withinScatter?.elements ?? [], [2, 4, 4, 8]).allSatisfy { abs($0 - $1) <= 4e-15 })
    #expect(table.withinTrace == 10.0 / 3)
  }

  @Test("Every storage type agrees with two passes", arguments: ScalarType.allCases)
  func twoPasses(scalar: ScalarType) throws {
    let samples = ClassSamples(classes: 20, dimension: 8, rows: 17_000, seed: 1)
    try samples.expectMoments(scalar, within: 1e-13)
  }

  @Test("A common offset of a million loses no accuracy", arguments: [ScalarType.float32, .float64])
  func offset(scalar: ScalarType) throws {
    var samples = ClassSamples(classes: 20, dimension: 8, rows: 17_000, seed: 2)
    samples.transform { 1e6 + $0 }
    try samples.expectMoments(scalar, within: 1e-12)
  }

  @Test("Classes whose spread is 1e-8 of their means keep all digits of the spread")
  func nearlyCollapsed() throws {
    var samples = ClassSamples(classes: 300, dimension: 5, rows: 20_000, seed: 3)
    samples.collapse(spread: 1e-8)
    try samples.expectMoments(.float64, within: 1e-12)
  }

  @Test("One class with 99 % of the rows, and singletons")
  func skewed() throws {
    var samples = ClassSamples(classes: 30, dimension: 8, rows: 20_000, seed: 4)
    samples.relabel { row in row % 100 == 0 ? Int32(1 + row / 100) : 0 }
    try samples.expectMoments(.float16, within: 1e-13)
  }

  @Test("Identical rows have no spread at all")
  func constant() throws {
    let moments = ClassMoments(dimension: 3, within: .pooled)
    for _ in 0..<3 { try moments.fold(block([7, 7, 7], Array(repeating: [0.1, 1e8, -3] as [Float], count: 3))) }
    #expect(try moments.table.m2 == [0])
    #expect(try moments.table.withinScatter?.elements.allSatisfy { $0 == 0 } == true)
    #expect(try moments.table.means.elements == [Double(Float(0.1)), 1e8, -3])
  }

  @Test("Any number of threads gives the same bits", arguments: [2, 3, 8])
  func threads(count: Int) throws {
    let samples = ClassSamples(classes: 50, dimension: 300, rows: 6_000, seed: 5)
    let one = try samples.moments(.float16, workers: WorkerThreads(1))
    let many = try samples.moments(.float16, workers: WorkerThreads(count))
    #expect(try one.table == many.table)
  }

  @Test("One class with nearly all rows gives the same bits with any number of threads, too", arguments: [2, 3, 8])
  func skewedThreads(count: Int) throws {
    var samples = ClassSamples(classes: 30, dimension: 40, rows: 9_000, seed: 14)
    samples.relabel { row in row % 100 == 0 ? Int32(1 + row / 100) : 0 }
    for within in WithinScatter.allCases {
      let one = try samples.moments(.bfloat16, within: within)
      #expect(try one.table == samples.moments(.bfloat16, within: within, workers: WorkerThreads(count)).table)
    }
  }

  @Test(
    "Setting means aside changes no bit", arguments: [ScalarType.float16, .float64], [WithinScatter.none, .pooled])
  func setAside(scalar: ScalarType, within: WithinScatter) throws {
    let samples = ClassSamples(classes: 6_000, dimension: 12, rows: 20_000, seed: 15)
    let least = ClassMoments.leastResident(dimension: 12, within: within)
    let whole = try samples.moments(scalar, within: within)
    let paged = try samples.moments(scalar, within: within, workers: WorkerThreads(2), limit: .rows(least))
    #expect(whole.classes > 2 * least)
    #expect(try paged.table == whole.table)
  }

  @Test("A row that is not finite is named, the first of its block", arguments: ScalarType.allCases)
  func nonfinite(scalar: ScalarType) throws {
    for (first, second) in [(Double.nan, 1.0), (1, .infinity), (-.infinity, .nan)] {
      for within in WithinScatter.allCases {
        let moments = ClassMoments(dimension: 2, within: within)
        try moments.fold(block([1, 2], [[1, 2], [3, 4]] as [[Double]], scalar))
        let bad = block(
          [1, 7, 9, 1, 2, 9], [[1, 2], [3, 4], [first, second], [5, 6], [7, .nan], [1, 1]] as [[Double]], scalar)
        #expect(throws: NonfiniteRow(row: 2)) { try moments.fold(bad) }
      }
    }
  }

  @Test("A large class that is not finite is named, too")
  func largeNonfinite() throws {
    var rows = [[Float]](repeating: [1, 2], count: 3_000)
    rows[2_345] = [.nan, 2]
    let moments = ClassMoments(dimension: 2)
    #expect(throws: NonfiniteRow(row: 2_345)) { try moments.fold(block([Int32](repeating: 4, count: 3_000), rows)) }
  }

  @Test("Keeping the scatter changes no bit of the means and the variance norms")
  func scatterIsApart() throws {
    let samples = ClassSamples(classes: 10, dimension: 17, rows: 5_000, seed: 6)
    let with = try samples.moments(.float32, within: .pooled).table
    let without = try samples.moments(.float32, within: .none).table
    #expect(with.means == without.means)
    #expect(with.m2 == without.m2)
    #expect(without.withinScatter == nil)
  }

  @Test("A single-precision scatter is within 1e-6 of the double one, and all else is the same")
  func singlePrecision() throws {
    let samples = ClassSamples(classes: 40, dimension: 70, rows: 9_000, seed: 12)
    let (single, double) = (try samples.moments(.float32, within: .pooledSingle), try samples.moments(.float32))
    #expect(try single.table.means == double.table.means)
    #expect(try single.table.m2 == double.table.m2)
    try expectClose(single.table, double.table, within: 1e-6)
  }

  @Test("The order of samples changes only rounding")
  func shuffled() throws {
    let samples = ClassSamples(classes: 12, dimension: 6, rows: 17_000, seed: 7)
    var generator = SeededGenerator(8)
    try expectClose(
      samples.moments(.float32).table,
      samples.reordered((0..<17_000).shuffled(using: &generator)).moments(.float32).table,
      within: 1e-13)
  }

  @Test("Moments beyond the range of Float64 are refused by the class's token")
  func overflow() throws {
    let moments = ClassMoments(dimension: 1)
    try moments.fold(block([3, 3], [[1e200], [-1e200]] as [[Double]], .float64))
    let error = #expect(throws: MomentsError.self) { try moments.forEachRun(of: 8) { try $0.checkFinite() } }
    #expect(error?.kind == .overflow)
    #expect(error?.description.contains("token 3") == true)
  }
}
