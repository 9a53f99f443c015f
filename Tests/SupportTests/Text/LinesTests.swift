import Testing

@testable import Support

@Suite("Lines")
struct LinesTests {
  @Test(
    "Every line comes with its number, as splitting at line feeds gives it",
    arguments: ["", "\n", "a", "a\n\nb", "\r\n"])
  func split(text: String) {
    let bytes = Array(text.utf8)
    var lines: [[UInt8]] = []
    Lines.forEach(in: bytes[...]) { number, line in
      lines.append(Array(line))
      #expect(number == lines.count)
    }
    #expect(lines == bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map(Array.init))
  }
}
