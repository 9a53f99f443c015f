import Testing

@testable import Vocabulary

@Suite("Byte-level alphabet")
struct ByteLevelAlphabetTests {
  @Test("Pieces of GPT-2's vocabulary are decoded")
  func pieces() {
    #expect(ByteLevelAlphabet.bytes(of: "Ġthe") == Array(" the".utf8))
    #expect(ByteLevelAlphabet.bytes(of: "ĊĉĀ") == [0x0A, 0x09, 0x00])
    #expect(ByteLevelAlphabet.bytes(of: "âĢĻ") == Array("’".utf8))
    #expect(ByteLevelAlphabet.bytes(of: "ł¡¬Ń®ÿ") == [0xA0, 0xA1, 0xAC, 0xAD, 0xAE, 0xFF])
    #expect(ByteLevelAlphabet.bytes(of: "ġĢ") == [0x7F, 0x80])
  }

  @Test("A character that stands for no byte leaves the piece unchanged")
  func foreign() { #expect(ByteLevelAlphabet.bytes(of: "Ġ日") == Array("Ġ日".utf8)) }

  @Test("Every byte has one character: printable ones stand for themselves, the rest start at U+0100 in order")
  func whole() {
    let characters =
      (0x21...0x7E).map { $0 } + (0xA1...0xAC).map { $0 } + (0xAE...0xFF).map { $0 } + (0x100...0x143).map { $0 }
    let bytes = characters.compactMap { Unicode.Scalar($0) }.flatMap { ByteLevelAlphabet.bytes(of: String($0)) }
    #expect(bytes.count == 256)
    #expect(Set(bytes).count == 256)
    #expect(ByteLevelAlphabet.bytes(of: "\u{144}").count == 2)
  }
}
