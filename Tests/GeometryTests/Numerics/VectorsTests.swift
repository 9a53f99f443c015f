import Testing

@testable import Geometry

@Suite("Vectors")
struct VectorsTests {
  @Test(
    "Inner products and squared differences are right, at lengths around that of a SIMD vector",
    arguments: [0, 1, 7, 8, 9, 31])
  func small(count: Int) {
    let a = (0..<count).map { Double($0) }
    let b = (0..<count).map { Double(2 * $0 + 1) }
    let sum = a.reduce(0) { $0 + $1 }
    let squares = a.reduce(0) { $0 + $1 * $1 }
    #expect(dot(a, b, count: count) == 2 * squares + sum)
    #expect(squaredDifference(a, b, count: count) == squares + 2 * sum + Double(count))
    #expect(squaredDifference(a, times: 2, b, count: count) == Double(count))
  }
}
