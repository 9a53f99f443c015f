import Testing

@testable import Study

@Suite("The permutation test")
struct PermutationTestTests {
  @Test("p is that of all permutations, with ties, within four standard errors")
  func exact() throws {
    let shuffles = 20_000
    for small in try SciPy.read().small {
      let (x, y) = (try #require(CentredDirection(small.x)).unit, try #require(CentredDirection(small.y)).unit)
      let p = try PermutationTest(permutations: shuffles, seed: 1, threads: 2).p(x, y)
      let error = (small.p * (1 - small.p) / Double(shuffles)).squareRoot()
      #expect(abs(p - small.p) <= 4 * error + 1 / Double(shuffles), "\(p) for \(small.p)")
    }
  }

  @Test("No number of threads changes a bit; a seed does")
  func threads() throws {
    let x = try #require(CentredDirection([3, 1, 4, 1, 5, 9, 2, 6])).unit
    let y = try #require(CentredDirection([2, 7, 1, 8, 2, 8, 1, 8])).unit
    func p(_ seed: UInt64, _ threads: Int) throws -> Double {
      try PermutationTest(permutations: 5_000, seed: seed, threads: threads).p(x, y)
    }
    #expect(try p(0, 1) == p(0, 2) && p(0, 1) == p(0, 7))
    #expect(try p(0, 1) != p(1, 1))
  }

  @Test("If no shuffle reaches R², p is one in T + 1, and if all do it is 1")
  func extremes() throws {
    let x = try #require(CentredDirection((0..<40).map(Double.init))).unit
    #expect(try PermutationTest(permutations: 999, seed: 0, threads: 1).p(x, x) == 1e-3)
    let one = try #require(CentredDirection([1, 0, 0])).unit
    let other = try #require(CentredDirection([1, 2, 2])).unit
    let p = try PermutationTest(permutations: 2_000, seed: 0, threads: 1).p(one, other)
    #expect(abs(p - 1.0 / 3) < 0.05)
    let balanced = try #require(CentredDirection([1, 0, 0, 1])).unit
    let crossed = try #require(CentredDirection([1, 1, 0, 0])).unit
    #expect(try PermutationTest(permutations: 2_000, seed: 0, threads: 1).p(balanced, crossed) == 1)
  }

  @Test("Every order of four is about equally frequent")
  func fair() {
    let shuffles = 24_000
    let test = PermutationTest(permutations: shuffles, seed: 9, threads: 1)
    var counts: [[Double]: Int] = [:]
    for permutation in 0..<shuffles {
      var values = [0.0, 1, 2, 3]
      test.shuffle(&values, permutation)
      counts[values, default: 0] += 1
    }
    #expect(counts.count == 24)
    // χ² of 23 degrees of freedom is above 49.7 once in a thousand.
    #expect(counts.values.reduce(0.0) { $0 + Double(($1 - 1_000) * ($1 - 1_000)) / 1_000 } < 49.7)
  }
}
