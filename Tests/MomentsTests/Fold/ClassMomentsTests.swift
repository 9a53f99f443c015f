import TestSupport
import Testing

@testable import Moments
@testable import Samples
@testable import Support

@Suite("Class moments")
struct ClassMomentsTests {
  @Test("Three samples, checked by hand")
  func byHand() throws {
    let moments = ClassMoments(dimension: 2, within: .pooled, moments: .diagonal)
    try moments.fold(block([1, 1, 4], [[0, 0], [2, 4], [5, 5]] as [[Float]]))
    let table = try moments.table
    #expect(table.tokens == [1, 4])
    #expect(table.counts == [2, 1])
    #expect(table.means.elements == [1, 2, 5, 5])
    #expect(table.m2 == [10, 0])
    #expect(table.diagonal?.elements == [2, 8, 0, 0])
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

  @Test("A feature a million times larger than the others, and first rows far from their class, lose no accuracy")
  func outliers() throws {
    var samples = ClassSamples(classes: 20, dimension: 8, rows: 17_000, seed: 21)
    var first: Set<Int32> = []
    for (row, label) in samples.labels.enumerated() {
      samples.features[row * 8 + 3] *= 1e6
      samples.features[row * 8 + 5] *= 1e-6
      if first.insert(label).inserted { for feature in 0..<8 { samples.features[row * 8 + feature] *= 1e3 } }
    }
    try samples.expectMoments(.float64, within: 1e-12)
  }

  @Test("Identical rows have no spread at all")
  func constant() throws {
    let moments = ClassMoments(dimension: 3, within: .pooled, moments: .diagonal)
    for _ in 0..<3 { try moments.fold(block([7, 7, 7], Array(repeating: [0.1, 1e8, -3] as [Float], count: 3))) }
    #expect(try moments.table.m2 == [0] && moments.table.diagonal?.elements == [0, 0, 0])
    #expect(try moments.table.withinScatter?.elements.allSatisfy { $0 == 0 } == true)
    #expect(try moments.table.means.elements == [Double(Float(0.1)), 1e8, -3])
  }

  @Test("Any number of threads gives the same bits", arguments: [2, 3, 8])
  func threads(count: Int) throws {
    let samples = ClassSamples(classes: 50, dimension: 300, rows: 6_000, seed: 5)
    let one = try samples.moments(.float16, moments: .diagonal, workers: WorkerThreads(1))
    let many = try samples.moments(.float16, moments: .diagonal, workers: WorkerThreads(count))
    #expect(try one.table == many.table)
  }

  @Test("One class with nearly all rows gives the same bits with any number of threads, too", arguments: [2, 3, 8])
  func skewedThreads(count: Int) throws {
    var samples = ClassSamples(classes: 30, dimension: 40, rows: 9_000, seed: 14)
    samples.relabel { row in row % 100 == 0 ? Int32(1 + row / 100) : 0 }
    for within in WithinScatter.allCases {
      let one = try samples.moments(.bfloat16, within: within, moments: .diagonal)
      let many = try samples.moments(.bfloat16, within: within, moments: .diagonal, workers: WorkerThreads(count))
      #expect(try one.table == many.table)
    }
  }

  @Test(
    "Setting means aside changes no bit", arguments: [ScalarType.float16, .float64], [WithinScatter.none, .pooled])
  func setAside(scalar: ScalarType, within: WithinScatter) throws {
    let samples = ClassSamples(classes: 6_000, dimension: 12, rows: 20_000, seed: 15)
    let least = ClassMoments.leastResident(dimension: 12, within: within)
    let whole = try samples.moments(scalar, within: within, moments: .diagonal)
    let paged = try samples.moments(
      scalar, within: within, moments: .diagonal, workers: WorkerThreads(2), limit: .rows(least))
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

  @Test("Keeping the scatter or second moments of features changes no bit of anything else", arguments: [10, 900])
  func scatterIsApart(classes: Int) throws {
    let samples = ClassSamples(classes: classes, dimension: 17, rows: 5_000, seed: 6)
    let with = try samples.moments(.float32, within: .pooled).table
    let without = try samples.moments(.float32, within: .none).table
    let both = try samples.moments(.float32, within: .pooled, moments: .diagonal).table
    let diagonal = try samples.moments(.float32, within: .none, moments: .diagonal).table
    for table in [without, both, diagonal] { #expect(table.means == with.means && table.m2 == with.m2) }
    #expect(both.lowPart == with.lowPart && both.withinScatter == with.withinScatter)
    #expect(without.withinScatter == nil && without.diagonal == nil && with.diagonal == nil)
    #expect(diagonal.diagonal != nil && both.diagonal == diagonal.diagonal)
    // The diagonal of the scatter is the sum over classes, and the trace of a class that over features.
    for feature in 0..<17 {
      let column = (0..<diagonal.classes).map { diagonal.diagonal?.elements[$0 * 17 + feature] ?? .nan }
      let expected = with.withinScatter?.elements[feature * 18] ?? 0
      #expect(abs(column.reduce(0, +) - expected) <= 1e-12 * expected)
    }
    for (row, m2) in with.m2.enumerated() {
      #expect(abs((diagonal.diagonal?[row: row].reduce(0, +) ?? .nan) - m2) <= 1e-12 * m2)
    }
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
      samples.moments(.float32, moments: .diagonal).table,
      samples.reordered((0..<17_000).shuffled(using: &generator)).moments(.float32, moments: .diagonal).table,
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
