import Testing

@testable import Geometry

@Suite("Compensated sums")
struct CompensatedSumTests {
  @Test("Cancellation leaves exactly the rest")
  func cancellation() {
    var sum = CompensatedSum()
    for value in [1, 1e100, 1, -1e100] { sum.add(value) }
    #expect(sum.value == 2)
  }

  @Test("The tail of a quotient is its rounding error")
  func quotient() {
    var sum = CompensatedSum()
    for _ in 0..<3 { sum.add(1e6 + 0.1) }
    let (head, tail) = sum.divided(by: 3)
    #expect(head == 1e6 + 0.1)
    #expect(tail == 0)
  }

  @Test("A weighted sum keeps the rounding errors of its products")
  func weights() {
    var sum = CompensatedSum()
    sum.add(0.1, times: 3)
    sum.add(-0.1, times: 2)
    sum.add(-0.1)
    #expect(sum.value == 0)
  }
}
