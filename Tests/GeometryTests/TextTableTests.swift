import Testing

@testable import Geometry

@Suite("Text tables")
struct TextTableTests {
  @Test("Columns are as wide as their widest cell, without trailing spaces")
  func layout() {
    #expect(TextTable.text([["a", "bc", ""], ["def", "1", "x"]]) { $0 == 1 } == "a    bc\ndef   1  x\n")
    #expect(TextTable.text([]) { _ in false } == "")
  }
}
