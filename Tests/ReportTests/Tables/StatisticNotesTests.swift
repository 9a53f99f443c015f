import Foundation
import Testing

@testable import Geometry
@testable import Moments
@testable import Report
@testable import Samples

@Suite("What statistics are called")
struct StatisticNotesTests {
  /// All statistics there are.
  private func measured() throws -> [Geometry.Measurement] {
    let means = Matrix(rows: 4, columns: 3, elements: [0, 0, 0, 0, 2, 0, 0, 0, 1, 1, 1, 3])
    let table = MomentsTable(
      tokens: [0, 1, 2, 3], counts: [2, 2, 2, 2], means: means, m2: [1, 1, 1, 1],
      withinScatter: Matrix(rows: 3, columns: 3, elements: [1, 0, 0, 0, 1, 0, 0, 0, 1]))
    return try NeuralCollapse.measure(
      table, classifier: means, decisions: Decisions(), outOfDistribution: OutOfDistributionMean(dimension: 3)
    ).measurements
  }

  @Test("Every statistic that is measured has a note of its own, in a family, and no note is of another")
  func notes() throws {
    let ids = try measured().map(\.id)
    #expect(ids.contains("nc4") && ids.contains("nc5_ood_deviation") && ids.contains("nc5_zero_norms"))
    #expect(Set(StatisticNotes.all.map(\.id)) == Set(ids) && StatisticNotes.all.count == ids.count)
    #expect(StatisticNotes.all.allSatisfy { $0.family != .others && !$0.title.isEmpty })
  }

  @Test("What collapse does is as the statistic itself says; sizes alone have nothing to say")
  func collapse() throws {
    for measurement in try measured() {
      let note = StatisticNotes.note(measurement.id)
      #expect(note.collapse == measurement.collapse, "\(measurement.id)")
      #expect(note.collapse.isEmpty == (note.family == .sizes || measurement.id == "nc5_zero_norms"))
    }
    #expect(StatisticNotes.note("nc4").collapse == "→ 1" && StatisticNotes.note("nc5_ood_deviation").collapse == "→ 0")
    #expect(StatisticNotes.note("new").family == .others && StatisticNotes.note("new").collapse.isEmpty)
  }
}
