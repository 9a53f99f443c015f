import Testing

@testable import Moments

@Suite("The tree of a merge")
struct MergeTreeTests {
  private func tree(_ leaves: Range<Int>) -> String {
    MergeTree.reduce(leaves) {
      "\($0)"
    } join: { left, right, _ in
      "(\(left) \(right))"
    }
  }

  @Test("Neighbours are joined in pairs, pairs in fours, and the rest last")
  func shape() {
    #expect(tree(0..<1) == "0")
    #expect(tree(0..<4) == "((0 1) (2 3))")
    #expect(tree(0..<7) == "(((0 1) (2 3)) ((4 5) 6))")
  }

  @Test("Groups of 2ᵏ leaves, the last one perhaps smaller, are subtrees", arguments: [1, 2, 5, 16, 31, 37])
  func subtrees(count: Int) {
    for size in [1, 2, 4, 8, 16, 32] {
      let starts = Array(stride(from: 0, to: count, by: size))
      let grouped = MergeTree.reduce(starts.indices) {
        tree(starts[$0]..<min(starts[$0] + size, count))
      } join: { left, right, _ in
        "(\(left) \(right))"
      }
      #expect(grouped == tree(0..<count))
    }
  }

  @Test("Every join has its own number, and the number of results held is as stated", arguments: 1...40)
  func joins(count: Int) {
    var numbers: [Int] = []
    var (held, most) = (0, 0)
    MergeTree.reduce(0..<count) { _ in
      held += 1
      most = max(most, held)
    } join: { _, _, number in
      numbers.append(number)
      held -= 1
    }
    #expect(numbers.sorted() == Array(1..<count))
    #expect(held == 1 && most <= MergeTree.maximumHeld(count))
  }
}
