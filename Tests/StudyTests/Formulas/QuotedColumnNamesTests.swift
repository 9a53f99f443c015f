import Testing

@testable import Study

@Suite("Names between backquotes")
struct QuotedColumnNamesTests {
  @Test(
    "Lists are split at commas, but not within backquotes",
    arguments: [
      ("a,b", ["a", "b"]), (" `a,b` / c , d", ["`a,b` / c", "d"]), ("`,`", ["`,`"]), ("a,,b,", ["a", "b"]), ("", []),
      ("`a,b", ["`a,b"]), ("log(`x, y`),`x, y`", ["log(`x, y`)", "`x, y`"]),
    ])
  func lists(text: String, parts: [String]) {
    #expect(QuotedColumnNames.list(text) == parts)
  }

  @Test("A name loses the backquotes around it, and no others")
  func names() {
    #expect(["a", "`a`", "`a", "``", "`"].map(QuotedColumnNames.name) == ["a", "a", "`a", "``", "`"])
  }
}
