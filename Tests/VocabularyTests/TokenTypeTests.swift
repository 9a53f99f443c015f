import Testing

@testable import Vocabulary

@Suite("Token types")
struct TokenTypeTests {
  @Test(
    "The type depends on letters and a space before them",
    arguments: [
      ("the", TokenType.word), (" the", .wordStart), ("ing", .word), (" 42", .wordStart), ("'s", .word),
      (" (see", .wordStart),
      (",", .punctuation), (" ", .punctuation), ("\n\n", .punctuation), (" —", .punctuation), ("€", .punctuation),
      ("", .punctuation), ("日本", .word), ("\u{301}", .word), ("½", .word), ("\nThe", .wordStart), ("😀", .punctuation),
    ])
  func types(text: String, type: TokenType) {
    #expect(TokenType(Array(text.unicodeScalars), startsWord: false) == type, "\(text)")
  }

  @Test("A piece marked by the tokenizer begins a word, but only counts as one if it has letters")
  func marked() {
    #expect(TokenType(["a"], startsWord: true) == .wordStart)
    #expect(TokenType(["."], startsWord: true) == .punctuation)
  }
}
