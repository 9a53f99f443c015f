import Testing

@testable import Geometry
@testable import Moments
@testable import Samples
@testable import Support

@Suite("Measures by min-count")
struct MinCountMeasuresTests {
  /// Zipf's counts, from many to one.
  private func table(_ classes: Int, _ dimension: Int, most: Int, seed: Int = 1) -> MomentsTable {
    let random = MomentsTable.random(classes, dimension, seed: seed)
    let counts = (1...classes).map { max(1, most / $0) }
    return MomentsTable(
      tokens: random.tokens, counts: counts, means: random.means,
      m2: zip(random.m2, counts).map { $1 == 1 ? 0 : $0 * Double($1) }, withinScatter: random.withinScatter)
  }

  private func measure(
    _ table: MomentsTable, _ filter: ClassFilter = ClassFilter(), classifier: Matrix? = nil,
    decisions: Decisions? = nil, foreign: OutOfDistributionMean? = nil, options: GeometryOptions = GeometryOptions(),
    minCounts: [Int] = []
  ) throws -> Measures {
    let selection = try ClassSelection(table, filter)
    return try Measures(
      of: selection, classifier: try classifier?.selecting(selection.rows), decisions: decisions,
      outOfDistribution: foreign, minCounts: minCounts, options: options)
  }

  /// Every threshold against a measure with its min-count.
  private func compare(
    _ table: MomentsTable, _ filter: ClassFilter = ClassFilter(), classifier: Matrix? = nil,
    decisions: Decisions? = nil, foreign: OutOfDistributionMean? = nil, options: GeometryOptions = GeometryOptions()
  ) throws -> [MinCountMeasures.Threshold] {
    let whole = try measure(
      table, filter, classifier: classifier, decisions: decisions, foreign: foreign, options: options,
      minCounts: MinCountMeasures.standard)
    let thresholds = try #require(whole.byMinCount).thresholds
    for threshold in thresholds {
      guard case .measured(let found) = threshold.outcome else { continue }
      var own = filter
      own.minCount = threshold.minCount
      let alone = try measure(
        table, own, classifier: classifier, decisions: decisions, foreign: foreign, options: options)
      #expect(alone["classes"]?.number(.value) == Double(threshold.classes))
      let expected = alone.measurements.filter(\.entry.overMinCount)
      #expect(expected.map(\.id).filter { id in found.contains { $0.id == id } } == found.map(\.id))
      for measurement in found {
        let other = try #require(alone[measurement.id])
        for part in measurement.entry.shape.parts where !threshold.leftOut.contains(measurement.id) {
          let (a, b) = (measurement.number(part), other.number(part))
          #expect(a == b || deviation(a, b ?? .nan) < 1e-12, "\(measurement.id) \(part) at \(threshold.minCount)")
          let (c, d) = (measurement.errors[part], other.errors[part])
          #expect(c == d || deviation(c, d ?? .nan) < 1e-12, "error of \(measurement.id) at \(threshold.minCount)")
        }
      }
      let missing = expected.map(\.id).filter { id in !found.contains { $0.id == id } }
      #expect(missing.allSatisfy(threshold.leftOut.contains))
    }
    return thresholds
  }

  @Test("Few classes have every number of measuring with that min-count", arguments: [1, 3, 5])
  func few(own: Int) throws {
    let table = table(90, 6, most: 400)
    var decisions = Decisions.Counts()
    (decisions.samples, decisions.hits) = (7, 3)
    let thresholds = try compare(
      table, ClassFilter(minCount: own), classifier: .random(90, 6, seed: 4),
      decisions: Decisions(
        classes: [table.tokens[2]: decisions, table.tokens[80]: decisions], confusion: [:], otherPairs: 0),
      foreign: OutOfDistributionMean(.random(9, 6, offset: 1, seed: 7)))
    #expect(thresholds.map(\.minCount) == MinCountMeasures.standard.filter { $0 >= own })
    #expect(thresholds.allSatisfy { $0.leftOut.isEmpty })
    guard case .measured(let last) = try #require(thresholds.last).outcome else { return }
    #expect(last.map(\.entry) == Statistics.entries.filter(\.overMinCount))
    #expect(thresholds.last?.classes == 8 && thresholds.last?.samples == 400 + 200 + 133 + 100 + 80 + 66 + 57 + 50)
  }

  @Test("Many classes share one sweep, which has CDNV for every min-count; log energy is left out where it costs much")
  func many() throws {
    // 1 500 classes, of which 1 300 have two samples; two means agree.
    var table = table(1500, 3, most: 2600)
    var elements = table.means.elements
    elements.replaceSubrange(3..<6, with: elements[0..<3])
    table = MomentsTable(
      tokens: table.tokens, counts: table.counts, means: Matrix(rows: 1500, columns: 3, elements: elements),
      m2: table.m2, withinScatter: table.withinScatter)
    let thresholds = try compare(table, options: GeometryOptions(threads: 2))
    #expect(thresholds.map(\.classes) == [1500, 1300, 520, 260, 130, 52])
    #expect(thresholds.map(\.leftOut) == [[], ["gnc2_log"], [], [], [], []])
    guard case .measured(let second) = thresholds[1].outcome else { return }
    let pairs = second.first { $0.id == "nc1_cdnv" }
    guard case .overPairs(let summary)? = pairs?.value else { return }
    #expect(summary.infinitePairs == 1 && summary.pairs == 1300 * 1299 / 2 - 1)
    let json = MinCountMeasures(thresholds: thresholds).json
    guard case .array(let elements) = json else { return }
    #expect(elements[1]["left_out"]?["gnc2_log"] != nil && elements[0]["left_out"] == nil)
    #expect(elements[1]["measures"]?["standard_errors"]?["nc1_cdnv_ratio_corrected"]?.double ?? 0 > 0)
  }

  @Test("Fewer than two classes say so, and so does a selection without any")
  func rare() throws {
    let table = MomentsTable(means: [[1, 0], [0, 1], [1, 1], [2, 1]], counts: [1, 2, 5, 10])
    let thresholds = try compare(table)
    #expect(thresholds.map(\.classes) == [4, 3, 2, 1, 0, 0])
    #expect(
      thresholds[3].outcome == .unmeasurable("only one class has 10 samples or more; statistics compare classes"))
    #expect(thresholds[5].outcome == .unmeasurable("no class has 50 samples or more; statistics compare classes"))
    let few = try compare(table, ClassFilter(maxCount: 2))
    #expect(few.map(\.classes) == [2, 1, 0, 0, 0, 0])
  }

  @Test("One feature, no spread, a weighted mean, a single class and no scatter: values or nothing, never NaN")
  func edges() throws {
    for options in [GeometryOptions(), GeometryOptions(globalMean: .weighted)] {
      _ = try compare(table(40, 1, most: 90), options: options)
      let bare = MomentsTable(
        means: (0..<30).map { [Double($0), Double($0 % 4)] }, m2: Array(repeating: 0, count: 30),
        counts: (1...30).map { $0 })
      let json = try measure(bare, options: options, minCounts: MinCountMeasures.standard).json.text
      #expect(!json.contains("nan") && !json.contains("inf,"))
      _ = try compare(bare, options: options)
    }
    let one = try #require(
      try measure(MomentsTable(means: [[1, 2]], counts: [60]), minCounts: MinCountMeasures.standard).byMinCount)
    #expect(one.thresholds.map(\.classes) == [1, 1, 1, 1, 1, 1])
  }

  @Test("A sample of pairs has no CDNV of other classes than its own, and says so")
  func sampled() throws {
    let thresholds = try compare(table(90, 6, most: 400), options: GeometryOptions(sampling: PairSampling(pairs: 500)))
    #expect(thresholds.map(\.leftOut) == [[], []] + Array(repeating: ["nc1_cdnv", "gnc2_log"], count: 4))
  }

  @Test("Without being asked for it there is none")
  func none() throws {
    #expect(try table(20, 3, most: 40).measure().byMinCount == nil)
  }
}
