import Testing

@testable import Support

@Suite("Tables of text")
struct TextTableTests {
  @Test("Columns are as wide as their widest cell; numbers are right-aligned; lines have no trailing spaces")
  func layout() {
    let table = TextTable(
      [["", "seconds", "of"], ["sweep", "1.5", ""], ["a", "12.25", "dgemm"]], rightAligned: 1...1)
    #expect(table.text == "       seconds  of\nsweep      1.5\na        12.25  dgemm")
  }

  @Test("Without lines there is no text")
  func none() { #expect(TextTable([], rightAligned: 0...0).text.isEmpty) }
}
