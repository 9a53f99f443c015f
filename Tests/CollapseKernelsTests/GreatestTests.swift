import CollapseKernels
import TestSupport
import Testing

@Suite("The greatest of a tile's row")
struct GreatestTests {
  @Test("It agrees with a plain loop, wherever the greatest is", arguments: [1, 2, 63, 64, 65, 200, 1_024])
  func plainLoop(count: Int) {
    var generator = SeededGenerator(count)
    let offsets = (0..<count).map { _ in Float(generator.normal()) }
    for place in [0, count / 2, count - 1] {
      var products = (0..<count).map { _ in Float(generator.normal()) }
      products[place] += 20
      for factor: Float in [0, 0.5, 1] {
        let expected = zip(products, offsets).map { $0 + factor * $1 }.max()
        #expect(collapse_greatest_sum(products, offsets, factor, count) == expected)
        let bound = (0..<count).map { products[$0] + factor * offsets[$0] + 0.25 * offsets[count - 1 - $0] }.max()
        #expect(collapse_greatest_bound(products, offsets, factor, offsets.reversed(), 0.25, count) == bound)
      }
    }
  }

  @Test("Inner products are exact for whole numbers", arguments: [0, 1, 63, 64, 130])
  func dot(count: Int) {
    let (a, b) = ((0..<count).map { Float($0 % 7) }, (0..<count).map { Float($0 % 5) - 2 })
    #expect(collapse_dot_f32(a, b, count) == zip(a, b).reduce(0) { $0 + $1.0 * $1.1 })
  }

  @Test("It works if all are below zero, and for an empty row")
  func edges() {
    #expect(collapse_greatest_sum([-3, -2, -5], [-1, -1, -1], 1, 3) == -3)
    #expect(collapse_greatest_sum([], [], 1, 0) == -.infinity)
  }
}
