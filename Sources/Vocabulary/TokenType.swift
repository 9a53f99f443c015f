/// The type of a token, for statistics by type.
package enum TokenType: String, Sendable, CaseIterable {
  /// An added token that the tokenizer marks as special: end of text, padding.
  case special
  /// Text without a letter, mark or digit: punctuation, symbols, white space, or bytes that form no whole character.
  case punctuation
  /// Text with a letter, mark or digit that begins a word: after a space, or as the tokenizer marks it.
  case wordStart = "word_start"
  /// Any other text: pieces within words, and words without a space before them, as at the start of a line.
  case word

  /// The type of a token that is not special.
  init(_ scalars: [Unicode.Scalar], startsWord: Bool) {
    guard scalars.contains(where: Self.isWordCharacter) else {
      self = .punctuation
      return
    }
    self = startsWord || scalars.first?.properties.isWhitespace == true ? .wordStart : .word
  }

  private static func isWordCharacter(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark,
      .spacingMark, .enclosingMark, .decimalNumber, .letterNumber, .otherNumber:
      true
    default: false
    }
  }
}
