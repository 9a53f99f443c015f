import Support
import Testing

@testable import Geometry
@testable import Moments
@testable import Samples

@Suite("How the variation of a class is spread over features")
struct FeatureSpreadTests {
  private func spread(_ moments: [Double]) -> FeatureSpread? { moments.withUnsafeBufferPointer { FeatureSpread($0) } }

  @Test("The participation ratio is d if all features vary alike, 1 if one varies, and (Σv)²/Σv² in general")
  func ratio() throws {
    #expect(spread([2, 2, 2, 2])?.participationRatio == 4)
    #expect(spread([0, 0, 7, 0])?.participationRatio == 1)
    #expect(spread([5])?.participationRatio == 1)
    let found = try #require(spread([1, 2, 3, 4, 5]))
    #expect(abs(found.participationRatio - 225.0 / 55) < 1e-14)
  }

  @Test("The features that vary most come first, with their shares; equal ones by index, and none that do not vary")
  func features() {
    let found = spread([1, 4, 2, 4, 0, 9])
    #expect(found?.features == [5, 1, 3])
    #expect(zip(found?.shares ?? [], [0.45, 0.2, 0.2]).allSatisfy { abs($0 - $1) < 1e-15 })
    #expect(spread([0, 3, 0, 1])?.features == [1, 3] && spread([0, 3, 0, 1])?.shares == [0.75, 0.25])
    #expect(spread([5])?.features == [0] && spread([5])?.shares == [1])
    #expect(spread([1, 1, 1, 1, 1])?.features == [0, 1, 2])
    // By sorting, for every order of some numbers.
    for seed in 0..<200 {
      let moments = (0..<7).map { Double((seed * 7 + $0 * $0 * (seed + 3)) % 5) }
      let expected = moments.indices.filter { moments[$0] > 0 }
        .sorted { (-moments[$0], $0) < (-moments[$1], $1) }.prefix(3)
      #expect(spread(moments)?.features ?? [] == Array(expected))
    }
  }

  @Test("A class in which nothing varies has none, and neither large nor small numbers lose theirs")
  func extremes() {
    #expect(spread([0, 0, 0]) == nil && spread([]) == nil)
    for scale in [1e300, 1e-300, .leastNonzeroMagnitude] {
      #expect(spread([scale, 0, scale])?.participationRatio == 2)
      #expect(spread([scale, 0, scale])?.shares == [0.5, 0.5])
    }
  }

  private func table(_ diagonal: Matrix?) -> MomentsTable {
    MomentsTable(
      tokens: [2, 5, 8], counts: [1, 3, 4], means: Matrix([[1, 0], [0, 1], [2, 2]]), m2: [0, 4, 4], diagonal: diagonal)
  }

  private func classes(_ table: MomentsTable, _ filter: ClassFilter = ClassFilter()) throws -> ClassTable {
    try Measures(of: ClassSelection(table, filter), spreads: FeatureSpreads(table)).classes
  }

  @Test("The table of classes has them for the selected classes, empty for a class of one sample")
  func columns() throws {
    let table = table(Matrix([[0, 0], [1, 3], [4, 0]]))
    let all = try classes(table)
    let ratios = Array(all["participation_ratio"]?.numbers ?? OptionalNumbers())
    #expect(ratios.map { $0.map { ($0 * 1e12).rounded() / 1e12 } } == [nil, 1.6, 1])
    #expect(all["feature_1"]?.integers == [nil, 1, 0] && all["feature_2"]?.integers == [nil, 0, nil])
    #expect(Array(all["feature_1_share"]?.numbers ?? OptionalNumbers()) == [nil, 0.75, 1])
    #expect(Array(all["feature_2_share"]?.numbers ?? OptionalNumbers()) == [nil, 0.25, nil])
    #expect(all["feature_3"]?.integers == [nil, nil, nil])
    let frequent = try classes(table, ClassFilter(minCount: 4))
    #expect(frequent.tokens == [8] && frequent["feature_1"]?.integers == [0])
  }

  @Test("Without second moments of features, the table is as it was")
  func absent() throws {
    let bare = try classes(table(nil))
    #expect(bare.columns.last?.entry == .agreed)
    #expect(try bare == Measures(of: ClassSelection(table(nil))).classes)
  }

  @Test("Runs of classes give the spreads of the whole table")
  func runs() {
    let table = table(Matrix([[0, 0], [1, 3], [4, 0]]))
    var runs = FeatureSpreads()
    for row in 0..<3 {
      runs.add(
        MomentsTable(
          tokens: [table.tokens[row]], counts: [table.counts[row]], means: Matrix([Array(table.means[row: row])]),
          m2: [table.m2[row]], diagonal: table.diagonal.map { Matrix([Array($0[row: row])]) }))
    }
    #expect(runs.classes == FeatureSpreads(table).classes && runs.classes.count == 3)
  }
}
