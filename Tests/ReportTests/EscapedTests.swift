import Testing

@testable import Report

@Suite struct EscapedTests {
  @Test("Every special character of HTML is escaped, even before combining marks")
  func markup() {
    #expect(
      Escaped.markup(#"<script>alert("&'")</script>"#) == "&lt;script&gt;alert(&quot;&amp;&#39;&quot;)&lt;/script&gt;")
    #expect(Escaped.markup("\"\u{301}x<\u{338}") == "&quot;\u{301}x&lt;\u{338}")
    #expect(Escaped.markup("a\u{0}b\u{1B}c\n\u{FFFE}") == "a\\x00b\\x1Bc\n\u{FFFD}")
    #expect(Escaped.markup("a\u{202E}<b\u{200D}") == "a\\u202E&lt;b\u{200D}")
  }

  @Test("JSON in a script holds nothing that ends or changes the script")
  func script() {
    let escaped = Escaped.script(json: #"["</script><!--<script>", "&amp;", "\#u{2028}\#u{2029}"]"#)
    #expect(escaped == #"["\u003c/script\u003e\u003c!--\u003cscript\u003e", "\u0026amp;", "\u2028\u2029"]"#)
    #expect(Escaped.script(json: "\u{D4E}</script>\u{301}<") == "\u{D4E}\\u003c/script\\u003e\u{301}\\u003c")
  }
}
