import Testing

@testable import Geometry
@testable import Moments
@testable import Samples
@testable import Support

@Suite("Remarks")
struct RemarkTests {
  /// The texts of the remarks in results.
  private func texts(_ measures: JSONValue) -> [String] {
    guard case .array(let remarks)? = measures["remarks"] else { return [] }
    return remarks.compactMap { if case .string(let text)? = $0["text"] { text } else { nil } }
  }

  /// The text of a topic; nil if nothing is remarked.
  private func text(_ topic: Remark.Topic, _ measures: Measures) -> String? {
    let found = measures.remarks.filter { $0.topic == topic }
    #expect(found.count <= 1)
    return found.first?.text
  }

  /// K classes in d dimensions, of two samples each, with a scatter.
  private func table(_ classes: Int, _ dimension: Int, within: Bool = true) -> MomentsTable {
    MomentsTable(
      means: Matrix.random(classes, dimension, seed: 3).vectors,
      withinScatter: within ? unitVectors(dimension) : nil)
  }

  @Test(
    "Noise is remarked above a tenth of tr Σ_B", arguments: [(0.39, nil), (0.42, "10 %"), (1.52, "38 %"), (8, "200 %")])
  func noise(m2: Double, share: String?) throws {
    // e = m2/2 for both classes, so (1 − 1/2)·m2/2 of tr Σ_B = 1.
    let measures = try MomentsTable(means: [[1], [-1]], m2: [m2, m2]).measure()
    let expected = share.map {
      "\($0) of tr Σ_B is sampling noise of the class means; the corrected statistics are without it"
    }
    #expect(text(.noise, measures) == expected)
  }

  @Test("Classes of one sample are counted with the share of pairs that they enter")
  func singles() throws {
    func text(_ counts: [Int]) throws -> String? {
      let means = Matrix.random(counts.count, 2, seed: 1).vectors
      return try self.text(.singleSamples, MomentsTable(means: means, counts: counts).measure())
    }
    #expect(try text([2, 2, 3]) == nil)
    #expect(
      try text([1, 2, 2, 2, 2])
        == "1 of 5 classes has one sample, so a variance of 0, which looks like collapse; they enter 40 % of all pairs")
    #expect(try text([1, 1, 1, 2, 2])?.hasSuffix("; they enter 90 % of all pairs") == true)
    #expect(try text([1, 2])?.hasSuffix("; they enter 100 % of all pairs") == true)
    #expect(try text([2] + Array(repeating: 1, count: 30))?.contains("30 of 31 classes have one sample") == true)
  }

  @Test(
    "Classes are near the features in number within a factor of 1.5, both ends included",
    arguments: [(6, 4, true), (7, 4, false), (4, 6, true), (4, 7, false), (4, 4, true), (2, 40, false)])
  func near(classes: Int, dimension: Int, isNear: Bool) throws {
    let text = try text(.nearSingular, table(classes, dimension).measure())
    #expect((text != nil) == isNear)
    #expect(try self.text(.nearSingular, table(classes, dimension, within: false).measure()) == nil)
  }

  @Test("The condition number is that of Σ_B: of means on the axes, the ratio of their squares")
  func condition() throws {
    let means = [[1.0, 0, 0], [-1, 0, 0], [0, 2, 0], [0, -2, 0], [0, 0, 5], [0, 0, -5]]
    let measures = try MomentsTable(means: means, withinScatter: unitVectors(3)).measure()
    #expect(deviation(try measures.scalar("between_condition"), 25) < 1e-13)
    let plane = try MomentsTable(means: means.prefix(4).map { $0 }, withinScatter: unitVectors(3)).measure()
    #expect(deviation(try plane.scalar("between_condition"), 4) < 1e-13)
    #expect(
      text(.nearSingular, plane)
        == "K = 4 is within a factor of 1.5 of d = 3: nc1_pinv and nc1_svd divide by the smallest eigenvalues of Σ_B, "
        + "whose condition number is 4")
    let same = try MomentsTable(means: [[1], [1]], withinScatter: [[1]]).measure()
    #expect(try same.scalar("between_condition") == nil && text(.nearSingular, same) == nil)
  }

  @Test("Above d + 1 classes, the floors of what was measured are named")
  func floors() throws {
    let (below, above) = (table(3, 2), table(4, 2))
    #expect(text(.aboveSimplex, try below.measure()) == nil)
    let start = "K = 4 is above d + 1 = 3, so no simplex exists; collapse reaches at best: "
    let floors = "nc2_interference std 0.471, nc2_etf_error 0.606"
    #expect(text(.aboveSimplex, try above.measure()) == start + floors)
    let headed = try above.measure(classifier: above.means.vectors)
    #expect(text(.aboveSimplex, headed) == start + floors + ", nc3_dual_error 0.606, head_etf_error 0.606")
    let same = MomentsTable(means: Array(repeating: [1, 1], count: 4))
    #expect(text(.aboveSimplex, try same.measure()) == nil)
  }

  @Test("Σ_W of other samples is remarked if the selection leaves classes out")
  func otherSamples() throws {
    let table = MomentsTable(
      means: Matrix.random(4, 9, seed: 1).vectors, counts: [2, 3, 5, 10], withinScatter: unitVectors(9))
    #expect(text(.otherSamples, try table.measure(ClassFilter(minCount: 2))) == nil)
    #expect(
      text(.otherSamples, try table.measure(ClassFilter(minCount: 5)))
        == "within_trace, nc1_quotient, within_trace_corrected, nc1_quotient_corrected, nc1_pinv and nc1_svd use Σ_W of "
        + "all 20 samples; the measured classes have 15 of them (75 %), which selected_quotient is made from")
  }

  @Test("Statistics that depend on scale are named if they are compared")
  func scale() {
    #expect(Remark.scale(["nc1_cdnv", "nc3_cosine", "tokens"]) == nil)
    #expect(
      Remark.scale(["nc3_dot"])?.text
        == "nc3_dot changes with the scale of features, which models and layers need not share")
    #expect(
      Remark.scale(Statistics.entries.map(\.id))?.text.hasPrefix(
        "within_trace, between_trace, nc1_cdnv_squared, nc2_norm, nc2_log_norm, ") == true)
  }

  @Test("Absent statistics are named with what they need, and no others")
  func absent() throws {
    let table = MomentsTable.random(6, 3)
    let whole = try table.measure(classifier: Matrix.random(6, 3, seed: 2).vectors)
    let bare = try MomentsTable(means: table.means.vectors, m2: table.m2).measure()
    #expect(!whole.remarks.contains { [.absent, .undefined].contains($0.topic) })
    let missing = [Requirement.withinScatter, .classifier].map { need -> (Requirement, [String]) in
      (need, Statistics.entries.filter { $0.needs == need && !$0.isOnRequest }.map(\.id))
    }
    #expect(bare.remarks.filter { $0.topic == .absent } == missing.map { .absent(ids: $1, need: $0) })
    #expect(
      Set(missing.flatMap(\.1)) == Set(whole.measurements.map(\.id)).subtracting(bare.measurements.map(\.id)))
  }

  @Test("Decisions on samples of other classes leave nc4 without a value, and the reason says so")
  func undecided() throws {
    var decisions = Decisions()
    decisions.add(labels: [10], model: [0], nearest: [2])
    let table = MomentsTable.random(6, 3)
    let measures = try Measures(
      of: ClassSelection(table, ClassFilter(tokens: [1, 4, 7])), classifier: Matrix.random(3, 3, seed: 2),
      decisions: decisions)
    #expect(text(.undefined, measures) == "nc4 is undefined (null): no decided sample belongs to a measured class")
  }

  @Test(
    "A statistic without a value is named with the reason",
    arguments: [
      ([[1.0, 2]], "there is only one"), ([[0.1, 2], [0.1, 2]], "all class means agree"),
      ([[1, 0], [-1, 0]], "they divide by zero"),
    ])
  func undefined(means: [[Double]], reason: String) throws {
    let zeros = means.map { $0.map { _ in 0.0 } }
    let measures = try MomentsTable(means: means, withinScatter: [[1, 0], [0, 1]]).measure(classifier: zeros)
    let text = try #require(self.text(.undefined, measures))
    #expect(text.contains(reason) && text.contains("nc3_dual_error"), "\(text)")
  }

  @Test("They come in order of importance, in results by topic and text")
  func order() throws {
    let table = MomentsTable(
      means: Matrix.random(7, 3, seed: 1).vectors, m2: [0, 9, 9, 9, 9, 9, 9], counts: [1, 2, 2, 2, 2, 2, 3])
    let measures = try table.measure(ClassFilter(maxCount: 2))
    #expect(
      measures.remarks.map(\.topic).distinct() == [
        .noise, .singleSamples, .aboveSimplex, .undefined, .otherSamples, .absent,
      ])
    let texts = texts(measures.json)
    #expect(texts == measures.remarks.map(\.text))
    guard case .array(let remarks)? = measures.json["remarks"] else { return #expect(Bool(false), "no remarks") }
    #expect(remarks.first?["id"] == "noise" && remarks.dropFirst().first?["id"] == "single_samples")
    #expect(try MomentsTable(means: [[1, 0, 0], [-1, 0, 0]], m2: [0, 0]).measure().json["remarks"] != nil)
  }

  @Test("People see five lines at most, unless they ask for all")
  func shown() {
    let texts = (1...7).map { "\($0)" }
    #expect(ShownRemarks.few.lines(Array(texts.prefix(5)), more: "x") == ["1", "2", "3", "4", "5"])
    #expect(ShownRemarks.few.lines(texts, more: "x") == ["1", "2", "3", "4", "3 more remarks: x"])
    #expect(ShownRemarks.all.lines(texts, more: "x") == texts && ShownRemarks.few.lines([], more: "x").isEmpty)
  }

  @Test("A group has its own remarks, those of its classes selected")
  func groups() throws {
    let table = MomentsTable.random(30, 3)
    let selection = try ClassSelection(table)
    let grouping = try ClassGrouping.bands(2, of: selection)
    let found = try GroupMeasures(of: grouping, in: selection)
    for (group, measured) in zip(grouping.groups, found.groups) {
      let alone = try table.measure(ClassFilter(tokens: Set(group.tokens)))
      #expect(measured.remarks == alone.remarks && !measured.remarks.isEmpty)
    }
    guard case .array(let groups) = found.json else { return }
    #expect(groups.map { texts($0["measures"] ?? .null) } == found.groups.map { $0.remarks.map(\.text) })
  }
}
