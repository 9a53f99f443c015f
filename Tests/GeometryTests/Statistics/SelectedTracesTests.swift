import TestSupport
import Testing

@testable import Geometry
@testable import Moments
@testable import Samples

@Suite("Traces of the selected classes")
struct SelectedTracesTests {
  private static let ids = SelectedTraces.entries.map(\.id)

  @Test("They are absent without a selection, and present with any, even if it leaves nothing out")
  func presence() throws {
    let table = MomentsTable.random(12, 3)
    for filter in [ClassFilter(minCount: 2), ClassFilter(maxCount: 1000), ClassFilter(tokens: Set(table.tokens))] {
      #expect(try table.measure(filter).measurements.map(\.id).filter(Self.ids.contains) == Self.ids)
    }
    #expect(try table.measure().measurements.map(\.id).filter(Self.ids.contains).isEmpty)
    let groups = try GroupMeasures(of: .bands(1, of: ClassSelection(table)), in: ClassSelection(table))
    #expect(groups.json.text.contains("selected_samples"))
  }

  @Test("They agree with sums over the samples of the selected classes", arguments: [1, 2, 4])
  func bruteForce(minCount: Int) throws {
    var generator = SeededGenerator(minCount)
    let counts = [1, 1, 2, 3, 4, 5, 9]
    let samples = counts.map { count in (0..<count).map { _ in (0..<3).map { _ in generator.normal() } } }
    let chosen = counts.indices.filter { counts[$0] >= minCount && counts[$0] <= 5 }
    let (table, means) = try Self.table(samples)
    var (n, within, between) = (0, 0.0, 0.0)
    for c in chosen {
      n += counts[c]
      for row in samples[c] { within += Self.squaredDistance(row, means[c]) }
    }
    let k = Double(chosen.count)
    let centre = Self.mean(chosen.map { means[$0] })
    for c in chosen { between += Self.squaredDistance(means[c], centre) / k }
    let measures = try table.measure(ClassFilter(minCount: minCount, maxCount: 5))
    #expect(measures["selected_samples"]?.value == .count(n))
    #expect(deviation(try measures.scalar("selected_within_trace"), within / Double(n)) < 1e-13)
    #expect(deviation(try measures.scalar("selected_quotient"), within / Double(n) / between) < 1e-13)
    let corrected = within / (Double(n) - k)
    #expect(deviation(try measures.scalar("selected_within_trace_corrected"), corrected) < 1e-13)
    let b = try #require(try measures.scalar("between_trace_corrected"))
    if b > 0 {
      #expect(deviation(try measures.scalar("selected_quotient_corrected"), corrected / b) < 1e-13)
    } else {
      #expect(try measures.scalar("selected_quotient_corrected") == nil)
    }
    #expect(try measures.scalar("within_trace") == table.withinTrace)
  }

  @Test("Numbers and errors are those of a state that has only these classes")
  func alone() throws {
    let table = MomentsTable.random(60, 4)
    let chosen = table.tokens.indices.filter { (2...6).contains(table.counts[$0]) }
    let part = MomentsTable(
      tokens: chosen.map { table.tokens[$0] }, counts: chosen.map { table.counts[$0] },
      means: try table.means.selecting(chosen), m2: chosen.map { table.m2[$0] }, withinScatter: table.withinScatter)
    let (selected, alone) = (try table.measure(ClassFilter(minCount: 2, maxCount: 6)), try part.measure())
    for (own, whole) in [
      ("selected_within_trace", "within_trace"), ("selected_quotient", "nc1_quotient"),
      ("selected_within_trace_corrected", "within_trace_corrected"),
      ("selected_quotient_corrected", "nc1_quotient_corrected"),
    ] {
      let (found, expected) = (try #require(selected[own]), try #require(alone[whole]))
      #expect(deviation(found.number(.value), try #require(expected.number(.value))) < 1e-13, "\(own)")
      #expect(deviation(found.errors[.value], try #require(expected.errors[.value])) < 1e-12, "\(own)")
    }
  }

  @Test("Of one class, only its samples and its trace have a value")
  func oneClass() throws {
    let measures = try MomentsTable(means: [[1, 2], [3, 4]], m2: [4, 6]).measure(ClassFilter(tokens: [1]))
    #expect(measures["selected_samples"]?.value == .count(2))
    #expect(try measures.scalar("selected_within_trace") == 3)
    for id in Self.ids.dropFirst(2) { #expect(try measures.scalar(id) == nil, "\(id)") }
  }

  /// The moments of samples by class, and the class means.
  private static func table(_ samples: [[[Double]]]) throws -> (MomentsTable, [[Double]]) {
    let means = samples.map(mean)
    let m2 = zip(samples, means).map { rows, mean in rows.reduce(0.0) { $0 + squaredDistance($1, mean) } }
    return (MomentsTable(means: means, m2: m2, counts: samples.map(\.count)), means)
  }

  private static func mean(_ rows: [[Double]]) -> [Double] {
    rows[0].indices.map { column in
      var sum = 0.0
      for row in rows { sum += row[column] }
      return sum / Double(rows.count)
    }
  }

  private static func squaredDistance(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for (a, b) in zip(a, b) { sum += (a - b) * (a - b) }
    return sum
  }
}
