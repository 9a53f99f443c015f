import CollapseKernels
import TestSupport
import Testing

@Suite("The greatest of a tile's row")
struct GreatestTests {
  @Test("It is the one that a plain loop finds, wherever it is", arguments: [1, 2, 63, 64, 65, 200, 1_024])
  func plainLoop(count: Int) {
    var generator = SeededGenerator(count)
    let offsets = (0..<count).map { _ in Float(generator.normal()) }
    for place in [0, count / 2, count - 1] {
      var products = (0..<count).map { _ in Float(generator.normal()) }
      products[place] += 20
      for factor: Float in [0, 0.5, 1] {
        let expected = zip(products, offsets).map { $0 + factor * $1 }.max()
        #expect(collapse_greatest_sum(products, offsets, factor, count) == expected)
      }
    }
  }

  @Test("All below zero, and none at all")
  func edges() {
    #expect(collapse_greatest_sum([-3, -2, -5], [-1, -1, -1], 1, 3) == -3)
    #expect(collapse_greatest_sum([], [], 1, 0) == -.infinity)
  }
}
