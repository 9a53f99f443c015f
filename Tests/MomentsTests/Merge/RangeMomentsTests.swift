import TestSupport
import Testing

@testable import Moments
@testable import Samples
@testable import Support

@Suite("Moments of a range of classes")
struct RangeMomentsTests {
  /// The moments of some samples in the range of their classes.
  private func range(_ samples: ClassSamples, of tokens: ArraySlice<Int32>, _ scalar: ScalarType) throws
    -> RangeMoments
  {
    let table = try samples.moments(scalar, moments: .diagonal).table
    let moments = try RangeMoments(
      capacity: tokens.count, dimension: samples.dimension, keepsLowParts: true, moments: .diagonal)
    #expect(moments.place(table.tokens, in: tokens, carryingMeans: table.lowPart != nil))
    moments.set(counts: table.counts, m2: table.m2)
    moments.means.update(from: table.means.elements, count: table.means.elements.count)
    if let diagonal = table.diagonal {
      moments.diagonals.update(from: diagonal.elements, count: diagonal.elements.count)
    }
    if let lowPart = table.lowPart { moments.lowParts.update(from: lowPart.elements, count: lowPart.elements.count) }
    return moments
  }

  @Test("Merged with others, they are those of all samples, with any number of workers", arguments: [1, 3])
  func merge(threads: Int) throws {
    let all = ClassSamples(classes: 300, dimension: 200, rows: 1_500, seed: 3)
    let truth = try all.moments(.float64, moments: .diagonal).table
    let tokens = truth.tokens[...]
    for (scalars, tolerance) in [([ScalarType.float32, .float32], 1e-6), ([.float16, .float64], 4e-3)] {
      let parts = try zip([0..<500, 500..<1_500], scalars).map {
        try range(all.reordered(Array($0)), of: tokens, $1)
      }
      let (own, other) = (parts[0], parts[1])
      #expect(own.rows < tokens.count && own.rows + other.rows > tokens.count)
      #expect(own.merge(other, 0..<tokens.count, deltas: nil, workers: WorkerThreads(threads)) == 0)
      #expect(own.rows == tokens.count)
      let rows = try own.classes(0..<tokens.count, of: tokens)
      #expect(rows.tokens == truth.tokens && rows.counts == truth.counts)
      #expect(rows.lowPart != nil)
      #expect(zip(rows.means.elements, truth.means.elements).allSatisfy { abs($0 - $1) <= tolerance })
      #expect(zip(rows.m2, truth.m2).allSatisfy { abs($0 - $1) <= tolerance * (1 + $1) })
      let (found, expected) = (try #require(rows.diagonal).elements, try #require(truth.diagonal).elements)
      #expect(found.count == expected.count)
      #expect(zip(found, expected).allSatisfy { abs($0 - $1) <= 10 * tolerance * (1 + $1) })
    }
  }

  @Test("Any number of workers gives the same bits")
  func bits() throws {
    let all = ClassSamples(classes: 400, dimension: 300, rows: 2_000, seed: 4)
    let tokens = ArraySlice((0..<400).map { Int32($0) })
    let results = try [1, 2, 5].map { threads in
      let own = try range(all.reordered(Array(0..<900)), of: tokens, .float32)
      let other = try range(all.reordered(Array(900..<2_000)), of: tokens, .float32)
      let deltas = UnsafeMutablePointer<Double>.allocate(capacity: 400 * 300)
      defer { deltas.deallocate() }
      let count = own.merge(other, 0..<400, deltas: deltas, workers: WorkerThreads(threads))
      let rest = Array(try #require(own.diagonalElements)) + (0..<count * 300).map { deltas[$0] }
      return (Array(own.meanElements), Array(own.lowPartElements), rest)
    }
    for result in results.dropFirst() { #expect(result == results[0]) }
  }

  @Test("Each delta is the difference of two means, weighted: δ·√(n_a·n_b/n)")
  func deltas() throws {
    func one(_ mean: [Double], count: Int) -> RangeMoments {
      let moments = try! RangeMoments(capacity: 3, dimension: 2, keepsLowParts: false, moments: .diagonal)
      #expect(moments.place([5], in: [4, 5, 6], carryingMeans: false))
      moments.set(counts: [count], m2: [0])
      moments.means.update(from: mean, count: 2)
      moments.diagonals.update(from: [0.5, 2], count: 2)
      return moments
    }
    var delta = [0.0, 0.0]
    let own = one([1, 2], count: 2)
    #expect(own.merge(one([4, 6], count: 2), 0..<3, deltas: &delta, workers: WorkerThreads(1)) == 1)
    #expect(delta.map(abs) == [3, 4])
    let rows = try own.classes(1..<2, of: [4, 5, 6])
    #expect(rows.means.elements == [2.5, 4] && rows.counts == [4] && rows.m2 == [25])
    // δ² · 2 · 2 / 4 on top of both.
    #expect(rows.diagonal?.elements == [10, 20])
  }

  @Test("A token outside the range is detected")
  func outside() throws {
    let moments = try RangeMoments(capacity: 3, dimension: 1, keepsLowParts: false)
    #expect(moments.place([2, 8], in: [2, 5, 8], carryingMeans: false))
    #expect(moments.rowOfClass == [0, -1, 1])
    #expect(!moments.place([2, 6], in: [2, 5, 8], carryingMeans: false))
    #expect(moments.place([], in: [2, 5, 8], carryingMeans: false))
    #expect(moments.rows == 0)
  }
}
