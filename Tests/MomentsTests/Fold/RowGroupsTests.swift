import Testing

@testable import Moments
@testable import Support

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

  @Test("Each row of many blocks is in the group of its class exactly once, in stream order")
  func many() {
    var random = SplitMix64(seed: 7)
    var groups = RowGroups()
    var slots = TokenSlots()
    for rows in [1, 1_000, 3, 40_000, 0, 5] {
      let labels = (0..<rows).map { _ in Int32(random.next() % 9_000) * Int32(random.next() % 3) }
      labels.withUnsafeBufferPointer { groups.assign($0, to: &slots) }
      #expect(groups.rows.count == rows)
      let expected = Dictionary(grouping: labels.indices) { labels[$0] }.sorted { $0.value[0] < $1.value[0] }
      #expect(groups.slots.map { slots.tokens[$0] } == expected.map(\.key))
      #expect((0..<groups.count).map { groups.rows[groups.rows(of: $0)].map(Int.init) } == expected.map(\.value))
    }
  }

  private func grouped(_ labels: [Int32]) -> RowGroups {
    var groups = RowGroups()
    var slots = TokenSlots()
    labels.withUnsafeBufferPointer { groups.assign($0, to: &slots) }
    return groups
  }
}
