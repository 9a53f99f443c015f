import Testing

@testable import Support

@Suite("Optional numbers")
struct OptionalNumbersTests {
  @Test("Undefined numbers stay apart from every number, NaN included")
  func undefined() {
    let numbers: [Double?] = [1, nil, .nan, -.infinity, 0, nil, Double(bitPattern: 0xFFF8_0000_0000_0001)]
    let kept = OptionalNumbers(numbers)
    #expect(kept.count == 7 && kept.map { $0 == nil } == numbers.map { $0 == nil })
    #expect(kept[2]?.isNaN == true && kept[3] == -.infinity && kept[6]?.isNaN == true)
    #expect(OptionalNumbers(definedIn: [2, .nan]) == [2, nil])
  }

  @Test("They take eight bytes each")
  func size() { #expect(MemoryLayout<Double?>.stride == 16 && MemoryLayout<Double>.stride == 8) }
}
