import Testing

@testable import Vocabulary

@Suite("Readable text")
struct ReadableTextTests {
  @Test(
    "Spaces stay; control characters, bytes that are not UTF-8 and backslashes are escaped",
    arguments: [
      (Array(" the".utf8), " the"), (Array("a\nb\r\t".utf8), "a\\nb\\r\\t"), (Array("\\n".utf8), "\\\\n"),
      ([0x00, 0x1B, 0x7F], "\\x00\\x1B\\x7F"), ([0xE2, 0x80], "\\xE2\\x80"), ([0xE2, 0x80, 0x99], "’"),
      ([0x41, 0xFF, 0x42], "A\\xFFB"), ([0xC0, 0xAF], "\\xC0\\xAF"), ([0xED, 0xA0, 0x80], "\\xED\\xA0\\x80"),
      (Array("\u{85}\u{2028}".utf8), "\\xC2\\x85\\xE2\\x80\\xA8"), (Array("e\u{301}😀".utf8), "e\u{301}😀"), ([], ""),
    ] as [([UInt8], String)])
  func text(bytes: [UInt8], text: String) {
    #expect(Array(ReadableText.text(bytes).utf8) == Array(text.utf8))
  }

  @Test("Different bytes have different texts: no two sequences of up to three relevant bytes collide")
  func distinct() {
    let bytes: [UInt8] = [0x0A, 0x5C, 0x6E, 0x78, 0x41, 0xC3, 0xA9, 0x80]
    let all = bytes.flatMap { a in bytes.flatMap { b in bytes.map { [a, b, $0] } } }
    #expect(Set(all.map { Array(ReadableText.text($0).utf8) }).count == all.count)
  }

  @Test("Invalid bytes are left out of the characters")
  func scalars() { #expect(ReadableText.scalars([0xE2, 0x41, 0xC3, 0xA9]) == ["A", "é"]) }
}
