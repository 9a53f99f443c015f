import TestSupport
import Testing

@testable import Moments

@Suite("Row groups")
struct RowGroupsTests {
  @Test("Rows are grouped by class, both in order of appearance")
  func order() {
    let groups = grouped([7, 3, 7, 7, 3, 1])
    #expect(groups.count == 3)
    #expect(groups.slots == [0, 1, 2])
    #expect((0..<3).map { Array(groups.rows[groups.rows(of: $0)]) } == [[0, 2, 3], [1, 4], [5]])
  }

  @Test("Grouping a second block forgets the first")
  func again() {
    var groups = RowGroups()
    var slots = TokenSlots()
    for labels in [[1, 2, 3], [3, 3, 9]] as [[Int32]] {
      labels.withUnsafeBufferPointer { groups.assign($0, to: &slots) }
    }
    #expect(groups.slots == [2, 3])
    #expect(groups.rows == [0, 1, 2])
  }

  private func grouped(_ labels: [Int32]) -> RowGroups {
    var groups = RowGroups()
    var slots = TokenSlots()
    labels.withUnsafeBufferPointer { groups.assign($0, to: &slots) }
    return groups
  }
}
