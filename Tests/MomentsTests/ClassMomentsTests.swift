import Embeddings
import TestSupport
import Testing

@testable import Moments

@Suite("Class moments")
struct ClassMomentsTests {
  @Test("Three samples one can check in the head")
  func byHand() {
    let moments = ClassMoments(dimension: 2, within: .pooled)
    moments.fold(block([1, 1, 4], [[0, 0], [2, 4], [5, 5]] as [[Float]]))
    let table = moments.table
    #expect(table.tokens == [1, 4])
    #expect(table.counts == [2, 1])
    #expect(table.means.elements == [1, 2, 5, 5])
    #expect(table.m2 == [10, 0])
    #expect(zip(table.withinScatter?.elements ?? [], [2, 4, 4, 8]).allSatisfy { abs($0 - $1) <= 4e-15 })
    #expect(table.withinTrace == 10.0 / 3)
  }

  @Test("Every storage type agrees with two passes", arguments: ScalarType.allCases)
  func twoPasses(scalar: ScalarType) {
    let samples = Samples(classes: 20, dimension: 8, rows: 17_000, seed: 1)
    samples.expectMoments(scalar, within: 1e-13)
  }

  @Test("A common offset of a million costs nothing", arguments: [ScalarType.float32, .float64])
  func offset(scalar: ScalarType) {
    var samples = Samples(classes: 20, dimension: 8, rows: 17_000, seed: 2)
    samples.transform { 1e6 + $0 }
    samples.expectMoments(scalar, within: 1e-12)
  }

  @Test("Classes whose spread is 1e-8 of their means keep all digits of their spread")
  func nearlyCollapsed() {
    var samples = Samples(classes: 300, dimension: 5, rows: 20_000, seed: 3)
    samples.collapse(spread: 1e-8)
    samples.expectMoments(.float64, within: 1e-12)
  }

  @Test("One class with 99 % of the rows, and singletons")
  func skewed() {
    var samples = Samples(classes: 30, dimension: 8, rows: 20_000, seed: 4)
    samples.relabel { row in row % 100 == 0 ? Int32(1 + row / 100) : 0 }
    samples.expectMoments(.float16, within: 1e-13)
  }

  @Test("Identical rows have no spread at all")
  func constant() {
    let moments = ClassMoments(dimension: 3, within: .pooled)
    for _ in 0..<3 { moments.fold(block([7, 7, 7], Array(repeating: [0.1, 1e8, -3] as [Float], count: 3))) }
    #expect(moments.table.m2 == [0])
    #expect(moments.table.withinScatter?.elements.allSatisfy { $0 == 0 } == true)
    #expect(moments.table.means.elements == [Double(Float(0.1)), 1e8, -3])
  }

  @Test("Any number of threads gives the same bits", arguments: [2, 3, 8])
  func threads(count: Int) {
    let samples = Samples(classes: 50, dimension: 300, rows: 6_000, seed: 5)
    let one = samples.moments(.float16, workers: Workers(1))
    let many = samples.moments(.float16, workers: Workers(count))
    #expect(one.table == many.table)
  }

  @Test("Keeping the scatter changes no bit of the means and the variance norms")
  func scatterIsApart() {
    let samples = Samples(classes: 10, dimension: 17, rows: 5_000, seed: 6)
    let with = samples.moments(.float32, within: .pooled).table
    let without = samples.moments(.float32, within: .none).table
    #expect(with.means == without.means)
    #expect(with.m2 == without.m2)
    #expect(without.withinScatter == nil)
  }

  @Test("A scatter of single precision is within 1e-6 of the double one, and all else is the same")
  func singlePrecision() throws {
    let samples = Samples(classes: 40, dimension: 70, rows: 9_000, seed: 12)
    let (single, double) = (samples.moments(.float32, within: .pooledSingle), samples.moments(.float32))
    #expect(single.table.means == double.table.means)
    #expect(single.table.m2 == double.table.m2)
    expectClose(single.table, double.table, within: 1e-6)
    let parts = [0..<4_000, 4_000..<9_000].map {
      samples.reordered(Array($0)).moments(.float32, within: .pooledSingle)
    }
    try expectClose(merge(parts).table, double.table, within: 1e-6)
  }

  @Test("The order of samples changes nothing but rounding")
  func shuffled() {
    let samples = Samples(classes: 12, dimension: 6, rows: 17_000, seed: 7)
    var generator = SeededGenerator(8)
    expectClose(
      samples.moments(.float32).table,
      samples.reordered((0..<17_000).shuffled(using: &generator)).moments(.float32).table,
      within: 1e-13)
  }

  @Test("Merging parts equals accumulating the whole, to rounding, however they are grouped")
  func merging() throws {
    let samples = Samples(classes: 40, dimension: 7, rows: 9_000, seed: 9)
    let parts = [0..<1_000, 1_000..<1_017, 1_017..<9_000].map { samples.reordered(Array($0)).moments(.float64) }
    let whole = samples.moments(.float64).table
    try expectClose(merge([try merge([parts[0], parts[1]]), parts[2]]).table, whole, within: 1e-13)
    try expectClose(merge([parts[0], try merge([parts[1], parts[2]])]).table, whole, within: 1e-13)
  }

  @Test("Merging one state alone gives that state, bit for bit")
  func mergingOne() throws {
    let one = Samples(classes: 10, dimension: 4, rows: 500, seed: 10).moments(.float32)
    #expect(try merge([one]).table == one.table)
  }

  @Test("Merging nearly collapsed parts keeps all digits of their spread")
  func mergingNearlyCollapsed() throws {
    var samples = Samples(classes: 30, dimension: 5, rows: 3_000, seed: 11)
    samples.collapse(spread: 1e-8)
    let parts = [0..<1_500, 1_500..<3_000].map { samples.reordered(Array($0)).moments(.float64) }
    try expectClose(merge(parts).table, samples.moments(.float64).table, within: 1e-12)
  }

  @Test("Moments beyond the range of Float64 are refused by the class's token")
  func overflow() {
    let moments = ClassMoments(dimension: 1)
    moments.fold(block([3, 3], [[1e200], [-1e200]] as [[Double]], .float64))
    let error = #expect(throws: MomentsError.self) { try moments.checkFinite() }
    #expect(error?.kind == .overflow)
    #expect(error?.description.contains("token 3") == true)
  }

  private func merge(_ parts: [ClassMoments]) throws -> ClassMoments {
    let merged = ClassMoments(dimension: parts[0].dimension, within: parts[0].within)
    for part in parts {
      try part.forEachRun(of: 7) { try merged.merge($0) }
      if let scatter = part.withinScatter { merged.mergeScatter(scatter) }
    }
    return merged
  }
}
