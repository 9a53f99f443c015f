import Testing

@testable import Support

@Suite("Fields of comma-separated lines")
struct CSVFieldTests {
  @Test(
    "Texts are quoted where a reader needs it",
    arguments: [
      ("the", "the"), (" the", "\" the\""), ("a,b", "\"a,b\""), ("say \"x\"", "\"say \"\"x\"\"\""), ("", "\"\""),
      ("a\nb", "\"a\nb\""), ("a\r\nb", "\"a\r\nb\""), ("\\n", "\\n"), ("é", "é"), ("\"\u{301}", "\"\"\"\u{301}\""),
    ])
  func quotes(text: String, field: String) {
    // Bytes, since strings that look the same are equal.
    #expect(Array(CSVField.text(text).utf8) == Array(field.utf8))
  }
}
