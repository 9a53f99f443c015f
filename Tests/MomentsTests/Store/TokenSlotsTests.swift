import Testing

@testable import Moments

@Suite("Token slots")
struct TokenSlotsTests {
  @Test("Slots are given in order of appearance and found again")
  func order() {
    var slots = TokenSlots()
    #expect([5, 9, 5, 0, 9].map { slots.slot(for: $0) } == [0, 1, 0, 2, 1])
    #expect(slots.tokens == [5, 9, 0])
    #expect(slots.ascending == [2, 0, 1])
  }

  @Test("The largest token id costs a page, not a table of all ids")
  func large() {
    var slots = TokenSlots()
    #expect(slots.slot(for: .max) == 0)
    #expect(slots.slot(for: 4095) == 1)
    #expect(slots.slot(for: 4096) == 2)
    #expect(slots.slot(for: .max) == 0)
  }

  @Test("Looking up many tokens at once gives the slots of single lookups")
  func many() {
    var atOnce = TokenSlots()
    var oneByOne = TokenSlots()
    for tokens in [[5, 9, 5, 70_000, 9], [70_000, 4095, .max, 5, 0]] as [[Int32]] {
      var found = [Int32](repeating: 0, count: tokens.count)
      tokens.withUnsafeBufferPointer { atOnce.find($0, into: &found) }
      #expect(found == tokens.map { Int32(oneByOne.slot(for: $0)) })
    }
    #expect(atOnce.tokens == oneByOne.tokens)
  }
}
