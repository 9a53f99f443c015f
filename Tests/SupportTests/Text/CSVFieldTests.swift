import Testing

@testable import Support

@Suite("Fields of comma-separated lines")
struct CSVFieldTests {
  @Test(
    "A text is quoted if a reader would misread it otherwise",
    arguments: [
      ("plain", "plain"), ("a b", "a b"), ("1,2", "\"1,2\""), ("say \"so\"", "\"say \"\"so\"\"\""), ("", "\"\""),
      (" a", "\" a\""), ("a\nb", "\"a\nb\""), ("a\tb", "\"a\tb\""), ("\"\u{301}", "\"\"\"\u{301}\""),
    ])
  func text(text: String, field: String) { #expect(CSVField.text(text) == field) }
}
