import Testing

@testable import Geometry
@testable import Moments
@testable import Samples

@Suite("Remarks")
struct RemarkTests {
  @Test("Absent statistics are named with what they need, and no others")
  func absent() throws {
    let table = MomentsTable.random(6, 3)
    let whole = try table.measure(classifier: Matrix.random(6, 3, seed: 2).vectors)
    let bare = try MomentsTable(means: table.means.vectors).measure()
    #expect(whole.remarks.isEmpty)
    #expect(
      bare.remarks
        == [Requirement.withinScatter, .classifier].map { need in
          .absent(ids: Statistics.entries.filter { $0.needs == need }.map(\.id), need: need)
        })
    let named = bare.remarks.flatMap { remark -> [String] in
      if case .absent(let ids, _) = remark { ids } else { [] }
    }
    #expect(Set(named) == Set(whole.measurements.map(\.id)).subtracting(bare.measurements.map(\.id)))
  }

  @Test("Decisions on samples of other classes leave nc4 without a value, and the reason says so")
  func undecided() throws {
    var decisions = Decisions()
    decisions.add(labels: [10], model: [0], nearest: [2])
    let table = MomentsTable.random(6, 3)
    let measures = try Measures(
      of: ClassSelection(table, ClassFilter(tokens: [1, 4, 7])), classifier: Matrix.random(3, 3, seed: 2),
      decisions: decisions)
    #expect(
      measures.remarks == [.undefined(ids: ["nc4"], reason: "no decided sample belongs to a measured class")])
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
    #expect(measures.remarks.count == 1)
    #expect(
      "\(measures.remarks)".contains(reason) && "\(measures.remarks)".contains("nc3_dual_error"), "\(measures.remarks)")
  }
}
