/// What kind of token a token is: for statistics by kind.
public enum TokenType: String, Sendable, CaseIterable {
  /// An added token that the tokenizer calls special: the end of a text, padding.
  case special
  /// Text without a letter, a mark or a digit: punctuation, symbols, white space; bytes that are no whole character.
  case punctuation
  /// Text with some, that begins a word: after a space, or where the tokenizer marks it so.
  case wordStart = "word_start"
  /// What is left: pieces within words, and words where no space is before them, as at the start of a line.
  case word

  /// The type of a token that is not special.
  init(_ scalars: [Unicode.Scalar], startsWord: Bool) {
    guard scalars.contains(where: Self.isOfWord) else {
      self = .punctuation
      return
    }
    self = startsWord || scalars.first?.properties.isWhitespace == true ? .wordStart : .word
  }

  private static func isOfWord(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark,
      .spacingMark, .enclosingMark, .decimalNumber, .letterNumber, .otherNumber:
      true
    default: false
    }
  }
}
