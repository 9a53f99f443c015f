import Testing

@testable import Vocabulary

@Suite("Ranges of tokens")
struct TokenRangesTests {
  @Test("Adjacent ranges become one, in any order")
  func joined() {
    #expect(TokenRanges([5...9, 0...2, 3...3, 8...12]).ranges == [0...3, 5...12])
    #expect(TokenRanges([Int32.max...Int32.max, 0...(.max - 1)]).ranges == [0...Int32.max])
    #expect(TokenRanges([ClosedRange<Int32>]()).ranges.isEmpty)
  }

  @Test("An id is contained if it is in one of the ranges")
  func contains() {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<50 {
      let tokens = Set((0..<30).map { _ in Int32.random(in: 0..<60, using: &generator) })
      let ranges = TokenRanges(tokens)
      for token in Int32(-1)...61 { #expect(ranges.contains(token) == tokens.contains(token)) }
    }
  }

  @Test("An id, or two with a dash, are a range; anything else is not")
  func parsed() {
    #expect(TokenRanges.parse("7") == 7...7)
    #expect(TokenRanges.parse("0-99") == 0...99)
    for text in ["", "-", "5-3", "-1", "1-", "1-2-3", "a", "+1", "2147483648", "1 - 2"] {
      #expect(TokenRanges.parse(text) == nil, "\(text)")
    }
  }
}
