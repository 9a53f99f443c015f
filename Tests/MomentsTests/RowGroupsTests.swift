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

  @Test("Parts cover every group once, in order, for any number of parts", arguments: [1, 2, 3, 7, 100, Int.max])
  func parts(count: Int) {
    var generator = SeededGenerator(1)
    let groups = grouped((0..<500).map { _ in Int32.random(in: 0..<40, using: &generator) })
    let parts = groups.balanced(into: count)
    #expect(parts.count <= count)
    #expect(Array(parts.joined()) == Array(0..<groups.count))
  }

  @Test("A class with nearly all rows leaves the other parts the rest")
  func skewedParts() {
    let groups = grouped(Array(repeating: 0, count: 990) + Array(1...10))
    #expect(groups.balanced(into: 2) == [0..<1, 1..<11])
  }

  private func grouped(_ labels: [Int32]) -> RowGroups {
    var groups = RowGroups()
    var slots = TokenSlots()
    labels.withUnsafeBufferPointer { groups.assign($0, to: &slots) }
    return groups
  }
}
