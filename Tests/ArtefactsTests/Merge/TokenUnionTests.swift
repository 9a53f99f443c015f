import Testing

@testable import Artefacts
@testable import Geometry

@Suite("Token ids of several states")
struct TokenUnionTests {
  @Test("Each token id appears once, in order")
  func union() {
    var union = TokenUnion()
    for tokens: [Int32] in [[3, 7], [], [1, 3, 9], [7]] { union.add(tokens) }
    #expect(union.tokens == [1, 3, 7, 9])
  }

  @Test("Ranges hold as many classes as allowed, and never split a unit")
  func ranges() {
    var union = TokenUnion()
    union.add([0, 1, 5, 8, 9, 10, 11, 40])
    #expect(union.ranges(ofAtMost: 3, unit: 1) == [0..<3, 3..<6, 6..<8])
    #expect(union.ranges(ofAtMost: 4, unit: 4) == [0..<3, 3..<7, 7..<8])
    #expect(union.ranges(ofAtMost: 8, unit: 4) == [0..<8])
    #expect(TokenUnion().ranges(ofAtMost: 1, unit: 1).isEmpty)
    #expect(TokenUnion.units(union.tokens[3...], 4) == [0..<4, 4..<5])
  }
}
