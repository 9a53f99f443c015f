import TestSupport
import Testing

@testable import Support

@Suite("Texts of unknown content, for people")
struct VisibleTextTests {
  static let escaped: [(String, String)] = [
    ("plain é 日本 😀", "plain é 日本 😀"), ("a\u{1B}[2Jb", "a\\x1B[2Jb"), ("a\r\nb\tc", "a\\r\\nb\\tc"),
    ("\u{0}\u{7F}", "\\x00\\x7F"), ("\u{85}\u{9B}31m", "\\u0085\\u009B31m"), ("\u{2028}\u{2029}", "\\u2028\\u2029"),
    ("a\u{202E}b\u{2066}c\u{200F}d\u{61C}", "a\\u202Eb\\u2066c\\u200Fd\\u061C"),
    // Scripts need joiners and marks.
    ("क्\u{200D}ष نام\u{200C}ها e\u{301}", "क्\u{200D}ष نام\u{200C}ها e\u{301}"), ("back\\slash", "back\\slash"),
    ("", ""),
    // A control character before a combining mark is still one.
    ("\u{1B}\u{301}", "\\x1B\u{301}"), (FileName.text([0x61, 0xE9, 0x1B]), "a\\xE9\\x1B"),
  ]

  @Test("What a terminal obeys is escaped as the shell writes it, and nothing else", arguments: escaped)
  func line(text: String, visible: String) {
    #expect(VisibleText.line(text) == visible)
    #expect(VisibleText.line(visible) == visible)
  }

  @Test("Every control character and every one that turns the order of others is escaped; no other")
  func all() {
    for value in (0...UInt32(0xFFFF)) {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let isObeyed =
        [.control, .lineSeparator, .paragraphSeparator].contains(scalar.properties.generalCategory)
        || scalar.properties.isBidiControl
      #expect(VisibleText.isHidden(scalar) == isObeyed, "\(value)")
      #expect((VisibleText.line(String(Character(scalar))) == String(Character(scalar))) == !isObeyed, "\(value)")
    }
  }

  @Test("Lines of our own stay lines")
  func lines() {
    #expect(VisibleText.lines("a\n\tb\u{1B}\r\n") == "a\n\tb\\x1B\\r\n")
  }

  @Test("JSON has the same strings, with nothing a terminal obeys")
  func json() throws {
    let text = "é\u{1B}\u{7F}\u{9B}\u{202E}\u{2028}\n\u{200D}"
    for json in [JSONValue.array([.string(text)]).text, try [text].jsonLines()] {
      #expect(try JSONValue(parsing: Array(json.utf8)) == .array([.string(text)]))
      #expect(json.unicodeScalars.allSatisfy { $0 == "\n" || !VisibleText.isHidden($0) }, "\(json)")
    }
  }

  @Test("A diagnosis has two lines, whatever its texts hold")
  func diagnosis() {
    let said = Diagnosis(
      file: "a\n  → run this", position: "“x\u{1B}[1m”", expected: "e", found: "f\u{2029}", advice: "g\rh")
    #expect(said.description == "a\\n  → run this, “x\\x1B[1m”: expected e, found f\\u2029\n  → g\\rh")
    #expect(said.file == "a\n  → run this")
  }

  @Test("A cell of a table stays in its line, and columns are aligned by what is seen")
  func table() {
    let table = TextTable([["a\nb", "1"], ["\u{1B}c", "2"]])
    #expect(table.text == "a\\nb   1\n\\x1Bc  2")
  }

  @Test("A number that no integer is near becomes the nearest one")
  func saturating() {
    for (number, integer) in [
      (1.9, 1), (-1.9, -1), (1e19, .max), (-1e19, .min), (.infinity, .max), (-.infinity, .min), (.nan, 0),
      (0x1p62, 1 << 62),
    ] as [(Double, Int)] {
      #expect(Int(saturating: number) == integer)
    }
    #expect(Int.saturatingSum([.max, 1]) == .max && Int.saturatingSum([1, 2, 3]) == 6)
  }
}
