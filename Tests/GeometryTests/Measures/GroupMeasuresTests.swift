import Synchronization
import Testing

@testable import Geometry
@testable import Moments
@testable import Samples

@Suite("Measures of groups")
struct GroupMeasuresTests {
  private let table = MomentsTable.random(60, 5)
  private let classifier = Matrix.random(60, 5, seed: 9)

  @Test(
    "A band has exactly the numbers of its classes selected, with a sample of pairs too", arguments: [1, 4, 7],
    [nil, PairSampling(pairs: 5000)])
  func selected(bands: Int, sampling: PairSampling?) throws {
    let options = GeometryOptions(sampling: sampling, threads: 2)
    let selection = try ClassSelection(table, ClassFilter(minCount: 2))
    let rows = try classifier.selecting(selection.rows)
    let foreign = OutOfDistributionMean(MomentsTable.random(9, 5, offset: 1, seed: 7))
    let grouping = try ClassGrouping.bands(bands, of: selection)
    let found = try GroupMeasures(
      of: grouping, in: selection, classifier: rows, outOfDistribution: foreign, options: options)
    #expect(found.groups.count == bands)
    for (group, measured) in zip(grouping.groups, found.groups) {
      let chosen = try ClassSelection(table, ClassFilter(tokens: Set(group.tokens)))
      let alone = try Measures(
        of: chosen, classifier: try classifier.selecting(chosen.rows), outOfDistribution: foreign,
        options: GeometryOptions(sampling: sampling))
      #expect(measured.outcome == .measured(alone.measurements))
      let counts = chosen.rows.map { table.counts[$0] }
      #expect(measured.classes == counts.count)
      #expect(measured.samples == counts.reduce(0, +))
      #expect(measured.counts.lowerBound == counts.min())
      #expect(measured.counts.upperBound == counts.max())
    }
  }

  @Test("A band of classes with one sample each has the geometry of its means, and no variation within them")
  func singleSamples() throws {
    let table = MomentsTable(means: [[1, 0], [0, 1], [1, 1], [2, 1]], counts: [1, 1, 5, 2])
    let grouping = try ClassGrouping.bands(2, of: ClassSelection(table))
    let found = try GroupMeasures(of: grouping, in: ClassSelection(table))
    let reason = "no measured class has two samples, so nothing is known about variation within them"
    #expect(found.groups[0].remarks.contains { $0.topic == .undefined && $0.text.hasSuffix(reason) })
    #expect(found.json.text.hasPrefix("[\n {\n  \"band\": 1,\n  \"classes\": 2,\n  \"smallest_count\": 1,\n"))
    guard case .array(let groups) = found.json else { return }
    // Means (1, 0) and (0, 1), centred ±(½, −½); Σ M2 = 0 over 2 + 7 samples.
    #expect(deviation(groups[0]["measures"]?["between_trace"]?.double, 0.5) < 1e-15)
    #expect(deviation(groups[0]["measures"]?["nc2_interference"]?["mean"]?.double, -1) < 1e-15)
    #expect(groups[0]["measures"]?["nc1_cdnv"]?["mean"] == .null)
    #expect(groups[0]["measures"]?["selected_within_trace"] == .null)
    #expect(groups[0]["measures"]?["nc1_quotient"]?.double != nil)
    #expect(groups[0]["reason"] == nil)
    #expect(groups[1]["samples"] == .integer(7))
    #expect(groups[1]["measures"]?["classes"] == .integer(2))
    #expect(groups[1]["measures"]?["tokens"] == .integer(9))
    #expect(groups[1]["reason"] == nil)
  }

  @Test("Classes of a group that are not selected are left out")
  func leftOut() throws {
    let grouping = try ClassGrouping.bands(1, of: ClassSelection(table))
    let filter = ClassFilter(minCount: 3, tokens: Set(table.tokens.prefix(30)))
    let found = try GroupMeasures(of: grouping, in: ClassSelection(table, filter))
    #expect(found.groups.map(\.outcome) == [.measured(try table.measure(filter).measurements)])
  }

  @Test("Each group has exactly one sweep")
  func progress() throws {
    let table = MomentsTable.random(300, 3)
    let grouping = try ClassGrouping.bands(3, of: ClassSelection(table))
    let steps = Mutex([[Int]]())
    _ = try GroupMeasures(of: grouping, in: ClassSelection(table)) { done, of in
      steps.withLock { $0.append([done, of]) }
    }
    #expect(steps.withLock { $0 } == [[1, 3], [2, 3], [3, 3]])
  }

  @Test("Steps are known in advance: for all groups together, even with sampled pairs, and none without pairs")
  func steps() throws {
    let table = MomentsTable.random(601, 3)
    let grouping = try ClassGrouping.bands(3, of: ClassSelection(table))
    for sampling in [nil, PairSampling(pairs: 9_000)] {
      let options = GeometryOptions(sampling: sampling)
      let last = Mutex([0, 0])
      _ = try GroupMeasures(of: grouping, in: ClassSelection(table), options: options) { done, of in
        last.withLock { $0 = [done, of] }
      }
      let expected = grouping.steps(options: options)
      #expect(expected == 9)
      #expect(last.withLock { $0 } == [expected, expected])
    }
    #expect(Measures.steps(classes: 1, options: GeometryOptions(sampling: PairSampling(pairs: 9_000))) == 0)
  }

  @Test("An error thrown by the checkpoint ends the measurement")
  func checkCancellation() throws {
    let grouping = try ClassGrouping.bands(3, of: ClassSelection(table))
    #expect(throws: CancellationError.self) {
      try GroupMeasures(of: grouping, in: ClassSelection(table), checkCancellation: { throw CancellationError() })
    }
  }
}
