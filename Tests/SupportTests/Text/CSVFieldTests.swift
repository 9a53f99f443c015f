import Testing

@testable import Support

@Suite("Fields of comma-separated lines")
struct CSVFieldTests {
  @Test(
    "A text is quoted if a reader would misread it otherwise",
    arguments: [
      ("the", "the"), (" the", "\" the\""), ("a,b", "\"a,b\""), ("say \"x\"", "\"say \"\"x\"\"\""), ("", "\"\""),
      ("a\nb", "\"a\nb\""), ("a\tb", "\"a\tb\""), ("a\r\nb", "\"a\r\nb\""), ("\\n", "\\n"), ("é", "é"),
      ("\"\u{301}", "\"\"\"\u{301}\""),
    ])
  func quotes(text: String, field: String) {
    // Bytes, because strings that look the same are equal.
    #expect(Array(CSVField.text(text).utf8) == Array(field.utf8))
  }
}
