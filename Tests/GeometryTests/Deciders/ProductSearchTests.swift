import TestSupport
import Testing

@testable import Deciding
@testable import Geometry

@Suite("Search with products")
struct ProductSearchTests {
  /// ⟨c, x⟩ + o in float64.
  private struct Plain: ExactScore {
    let candidates: [[Double]]
    let offsets: [Double]

    func score(_ candidate: Int, for row: UnsafePointer<Double>) -> Double {
      candidates[candidate].enumerated().reduce(offsets[candidate]) { $0 + $1.element * row[$1.offset] }
    }
  }

  private struct Problem {
    let candidates: [[Double]]
    let offsets: [Double]
    let rows: [[Double]]
    let search: ProductSearch

    init(_ candidates: [[Double]], offsets: [Double], rows: [[Double]]) {
      (self.candidates, self.offsets, self.rows) = (candidates, offsets, rows)
      let single = SinglePrecisionRows(
        rows: candidates.count, columns: candidates[0].count, largestNorm: candidates.map(norm).max() ?? 0
      ) { row, out in
        for (column, value) in candidates[row].enumerated() { out[column] = value }
      }
      search = ProductSearch(
        single, offsets: offsets, offsetError: 0, squaredError: 0,
        exact: Plain(candidates: candidates, offsets: offsets))
    }

    func slice() throws -> FeatureSlice {
      try FeatureSlice(
        block(rows.map { _ in 0 }, rows, .float64), rows: 0..<rows.count, centre: rows[0].map { _ in 0 },
        leastExponent: search.leastExponent)
    }

    func choose(isCancelled: () -> Bool = { false }) throws -> (choices: [Int32], close: Int) {
      var choices = [Int32](repeating: -1, count: rows.count)
      let wide = UnsafeMutablePointer<Double>.allocate(capacity: rows[0].count)
      defer { wide.deallocate() }
      let close = search.choose(
        try slice(),
        row: { number in
          for (column, value) in rows[number].enumerated() { wide[column] = value }
          return UnsafePointer(wide)
        }, isCancelled: isCancelled, into: &choices)
      return (choices, close)
    }

    func score(_ row: Int, _ candidate: Int) -> Double { inner(candidates[candidate], rows[row]) + offsets[candidate] }

    /// The first of the largest scores of each row, and the number of ties.
    var truth: [(first: Int, ties: Int)] {
      rows.indices.map { row in
        let scores = candidates.indices.map { score(row, $0) }
        let largest = scores.max() ?? 0
        return (scores.firstIndex(of: largest) ?? -1, scores.count { $0 == largest })
      }
    }
  }

  private func integers(_ count: Int, _ dimension: Int, _ range: ClosedRange<Int>, seed: Int) -> [[Double]] {
    var generator = SeededGenerator(seed)
    return (0..<count).map { _ in (0..<dimension).map { _ in Double(Int.random(in: range, using: &generator)) } }
  }

  @Test(
    "The first of the best is chosen, in one tile and in several; float64 decides only close cases",
    arguments: [1, 7, 1_024, 1_025, 2_100])
  func brute(candidates: Int) throws {
    // Scores are integers, far apart for single precision: only ties are close.
    let problem = Problem(
      integers(candidates, 3, -4...4, seed: 1), offsets: integers(candidates, 1, -9...9, seed: 2).map { $0[0] },
      rows: integers(40, 3, -4...4, seed: 3))
    let (found, truth) = (try problem.choose(), problem.truth)
    #expect(found.choices.map { Int($0) } == truth.map(\.first))
    #expect(found.close == truth.count { $0.ties > 1 })
  }

  @Test("Offsets that are far from zero but near each other work as well", arguments: [1e6, -1e9, 0x1p40])
  func middle(offset: Double) throws {
    let problem = Problem(
      integers(300, 2, -4...4, seed: 4), offsets: (0..<300).map { offset + Double($0 * 7 % 50) },
      rows: integers(40, 2, -9...9, seed: 5))
    #expect(try problem.choose().choices.map { Int($0) } == problem.truth.map(\.first))
  }

  @Test(
    "Scores are within the margins of the exact ones, with offsets of any size",
    arguments: [0, 0.1, 1e3, 1e9], [1.0, 0x1p-90, 0x1p90])
  func margins(size: Double, scale: Double) throws {
    var generator = SeededGenerator(6)
    func vectors(_ count: Int) -> [[Double]] {
      (0..<count).map { _ in (0..<31).map { _ in scale * generator.normal() } }
    }
    let candidates = vectors(60)
    let problem = Problem(
      candidates, offsets: candidates.map { _ in size * scale * scale * generator.normal() }, rows: vectors(20))
    let (slice, search) = (try problem.slice(), problem.search)
    let (margins, factors) = (search.margins(slice), search.factors(slice))
    var products = [Float](repeating: 0, count: 20 * 60)
    search.multiply(slice, 0..<60, into: &products)
    let (low, high) = (problem.offsets.min() ?? 0, problem.offsets.max() ?? 0)
    var worst = 0.0
    for row in 0..<20 {
      for candidate in 0..<60 {
        let found = Double(products[row * 60 + candidate] + factors[row] * search.offsets[candidate])
        // Computed like scores: minus the middle of the offsets, and divided like row and candidates.
        let divided = power(ofTwo: -slice.exponents[row] - search.candidates.exponent)
        let exact = (problem.score(row, candidate) - (low / 2 + high / 2)) * divided
        worst = max(worst, abs(found - exact) / margins[row])
      }
    }
    // A bound that is thousands of times too wide would leave everything to float64.
    #expect(worst <= 1 && worst > 1e-3)
  }

  @Test("No offset exceeds the longest candidate, and equal offsets become zero")
  func offsets() {
    for scale in [1e-20, 1, 1e20] {
      let search = Problem([[3, 4], [0, 1]], offsets: [-scale, 2 * scale], rows: [[1, 1]]).search
      #expect(search.offsets[1] == -search.offsets[0])
      #expect((2.5...5.001).contains(search.offsets[1]))
    }
    let equal = Problem([[3, 4], [0, 1]], offsets: [7, 7], rows: [[1, 1]]).search
    #expect(equal.offsets == [0, 0] && equal.count == 2)
  }

  @Test("After cancellation, no float64 score is computed")
  func cancelled() throws {
    let problem = Problem([[1, 0], [1, 0]], offsets: [0, 0], rows: [[1, 1]])
    #expect(try problem.choose(isCancelled: { true }).close == 0)
    #expect(try problem.choose().close == 1)
  }
}
