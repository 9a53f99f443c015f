import Testing

@testable import Study

@Suite("Numbers about their mean")
struct CentredDirectionTests {
  @Test("1, 3, 5, 7 are (−3, −1, 1, 3)/√20 about 4")
  func byHand() throws {
    let centred = try #require(CentredDirection([1, 3, 5, 7]))
    #expect(centred.mean == 4)
    #expect(abs(centred.norm - (20.0).squareRoot()) < 4e-15)
    for (value, numerator) in zip(centred.unit, [-3.0, -1, 1, 3]) {
      #expect(abs(value - numerator / (20.0).squareRoot()) < 1e-15)
    }
  }

  @Test("Numbers that are all equal, none at all, or too far apart have no direction")
  func none() {
    #expect(CentredDirection([]) == nil && CentredDirection([2]) == nil && CentredDirection([0.1, 0.1, 0.1]) == nil)
    #expect(CentredDirection([-1.7e308, 1.7e308, 1.7e308]) == nil && CentredDirection([.infinity, 0]) == nil)
  }

  @Test(
    "No unit, tiny or huge, costs the direction any digits", arguments: [1e-300, 1, 1e150, 1e307])
  func scales(scale: Double) throws {
    // About 0.25 of the scale: −¼, −¼, ½.
    let near = try #require(CentredDirection([0, 0, 0.75 * scale]))
    let truth = [-1.0, -1, 2].map { $0 / (6.0).squareRoot() }
    #expect(zip(near.unit, truth).allSatisfy { abs($0 - $1) < 1e-15 })
    #expect(abs(near.norm / scale - (0.375).squareRoot()) < 4e-15)
  }

  @Test("Nor does a mean far from zero, although the sum of the numbers is rounded")
  func far() throws {
    // 1 fifteen times and 17 once are −1 and 15 about 2.
    let numbers = [Double](repeating: 0x1p50 + 1, count: 15) + [0x1p50 + 17]
    let centred = try #require(CentredDirection(numbers))
    #expect(centred.mean == 0x1p50 + 2 && numbers.reduce(0, +) / 16 != centred.mean)
    #expect(abs(centred.norm - (240.0).squareRoot()) < 1e-14)
    #expect(abs(centred.unit[0] + 1 / (240.0).squareRoot()) < 1e-15)
  }

  @Test("Products of directions are within −1 and 1, whatever the rounding")
  func products() {
    #expect(CentredDirection.product([0.5, 0.5], [0.5, 0.25]) == 0.375)
    #expect(CentredDirection.product([1, 1e-8], [1, 1]) == 1)
    #expect(CentredDirection.product([1, 1], [-1, -1e-9]) == -1)
  }
}
