import TestSupport
import Testing

@testable import Deciding
@testable import Geometry
@testable import Support

@Suite("Rotation")
struct RotationTests {
  private static let dimension = 5

  /// Vectors whose coordinates have the sizes 1, 2, 4, 8, 16, the largest last, with each pair of neighbours mixed.
  private func vectors(_ count: Int, seed: Int = 1) -> [Float] {
    var generator = SeededGenerator(seed)
    return (0..<count).flatMap { _ -> [Float] in
      let sizes: [Double] = (0..<Self.dimension).map { generator.normal() * Double(1 << $0) }
      return sizes.indices.map { Float(sizes[$0] + 0.5 * sizes[max($0 - 1, 0)]) }
    }
  }

  private func single(_ elements: [Float]) -> SinglePrecisionRows {
    SinglePrecisionRows(columns: Self.dimension, largestNorm: 100, exact: elements)
  }

  private func wide(_ elements: [Float], _ row: Int) -> [Double] {
    elements[row * Self.dimension..<(row + 1) * Self.dimension].map { Double($0) }
  }

  @Test("Inner products, and so lengths and distances, are preserved")
  func isometry() throws {
    let elements = vectors(60)
    let turned = try Rotation(of: single(elements)).rotate(single(elements), workers: WorkerThreads(1))
    var worst = 0.0
    for a in 0..<60 {
      for b in a..<60 {
        let (before, after) = (wide(elements, a), wide(elements, b))
        let product = inner(wide(turned.elements, a), wide(turned.elements, b))
        worst = max(worst, abs(product - inner(before, after)) / (norm(before) * norm(after)))
      }
    }
    // A few roundings of a float.
    #expect(worst < 1e-6)
    #expect(turned.columns == Self.dimension && turned.exponent == 0 && turned.largestNorm == single([]).largestNorm)
  }

  @Test("In the basis, coordinates of the vectors have descending variance and are uncorrelated")
  func descending() throws {
    let elements = vectors(200)
    let turned = try Rotation(of: single(elements)).rotate(single(elements), workers: WorkerThreads(2)).elements
    let rows = (0..<200).map { wide(turned, $0) }
    func product(_ i: Int, _ j: Int) -> Double { rows.reduce(0.0) { sum, row in sum + row[i] * row[j] } }
    let sizes = (0..<Self.dimension).map { product($0, $0) }
    #expect(sizes == sizes.sorted(by: >))
    // The largest coordinate alone has most of the sum of squares.
    #expect(sizes[0] > 0.5 * sizes.reduce(0, +))
    for i in 0..<Self.dimension {
      for j in 0..<i { #expect(abs(product(i, j)) < 1e-4 * sizes[0]) }
    }
  }

  @Test("Vectors on a line become their lengths along it")
  func line() throws {
    let elements: [Float] = [3, 4, 0, 0, 0, -6, -8, 0, 0, 0, 0, 0, 0, 0, 0]
    let turned = try Rotation(of: single(elements)).rotate(single(elements), workers: WorkerThreads(1)).elements
    for (row, length) in [5.0, -10, 0].enumerated() {
      let sign: Double = turned[0] > 0 ? 1 : -1
      let expected = [sign * length, 0, 0, 0, 0]
      #expect(norm(minus(wide(turned, row), expected)) < 1e-5)
    }
  }

  @Test("Rows of a slice are rotated like candidates, in any number of pieces, with any number of workers")
  func pieces() throws {
    // More than two pieces of candidates, and of rows rotated at a time.
    let count = 2 * ProductSearch.tile + 137
    let elements = vectors(count, seed: 3)
    let rotation = try Rotation(of: single(vectors(50)))
    let one = try rotation.rotate(single(elements), workers: WorkerThreads(1)).elements
    #expect(one.count == elements.count)
    let isSame = try rotation.rotate(single(elements), workers: WorkerThreads(3)).elements == one
    #expect(isSame)
    let rows = (0..<count).map { row in wide(elements, row) }
    let slice = try FeatureSlice(
      block([Int32](repeating: 0, count: count), rows, .float32), rows: 0..<count,
      centre: [0, 0, 0, 0, 0], leastExponent: 7)
    let turned = rotation.rotate(slice)
    let keepsNorms = turned.norms == slice.norms
    #expect(keepsNorms && turned.rows == slice.rows && turned.exponents.allSatisfy { $0 == 7 })
    // Divided by 2⁷, which is exact.
    #expect(zip(turned.elements, one).allSatisfy { $0 * 128 == $1 })
  }
}
