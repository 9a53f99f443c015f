import Testing

@testable import Support

@Suite("Comma-separated lines")
struct CSVReaderTests {
  private func lines(_ text: String) throws -> [[CSVReader.Field]] {
    var reader = try CSVReader(Array(text.utf8), file: "t.csv")
    var lines = [reader.header]
    while let fields = try reader.next() { lines.append(fields) }
    return lines
  }

  @Test(
    "Quotes, doubled quotes, line breaks in quotes, LF, CRLF, CR, byte order mark, empty lines, no final line break",
    arguments: [
      ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]), ("a,b\r\n1,2", [["a", "b"], ["1", "2"]]),
      ("a\r1\r2\r", [["a"], ["1"], ["2"]]), ("\u{FEFF}a,\"b\"\n,\n", [["a", "b"], ["", ""]]),
      ("\n\na\n\n1\n\n", [["a"], ["1"]]), ("a\n\"x,\"\"y\"\"\r\nz\"\n", [["a"], ["x,\"y\"\r\nz"]]),
      ("a,b\n 1 , \"2 \"\t\n", [["a", "b"], [" 1 ", "2 "]]),
      ("é,日本\n\"\u{301}\",\"\"\"\u{301}\"", [["é", "日本"], ["\u{301}", "\"\u{301}"]]),
    ])
  func forms(text: String, wanted: [[String]]) throws { #expect(try lines(text).map { $0.map(\.text) } == wanted) }

  @Test(
    "Fields are separated by tabs or semicolons if the header line is",
    arguments: [
      ("a\tb\n1\t2\n", [["a", "b"], ["1", "2"]]), ("a;b\r\n0,5;2\r\n", [["a", "b"], ["0,5", "2"]]),
      ("\u{FEFF}\n\"a;,\"\t b\n 1 \t\"2\t\"\n", [["a;,", " b"], [" 1 ", "2\t"]]),
      ("a\t\tb\n1\t\t\n", [["a", "", "b"], ["1", "", ""]]),
      // Several in the header: the one that gives the next line as many fields, and otherwise the comma.
      ("a;b,c\n1;2\n", [["a", "b,c"], ["1", "2"]]), ("a;b,c\n1,2\n", [["a;b", "c"], ["1", "2"]]),
      ("a;b,c\n", [["a;b", "c"]]), ("a,b\n1;2,3\n", [["a", "b"], ["1;2", "3"]]), ("a\n1;2\n", [["a"], ["1;2"]]),
    ])
  func separators(text: String, wanted: [[String]]) throws {
    #expect(try lines(text).map { $0.map(\.text) } == wanted)
  }

  @Test("If two separators would do, it says so")
  func ambiguous() {
    let error = #expect(throws: CSVError.self) { try lines("\na;b,c\n1;2,3\n") }
    #expect(error?.diagnosis.found == "commas and semicolons, and either gives lines of equal length")
    #expect(error?.diagnosis.file == "t.csv:1")
  }

  @Test("The output of CSVField is read back, and positions of fields count characters")
  func roundTrip() throws {
    let texts = ["", " ", "a", "\"", "\"\u{301}", "a,b", "\n", "\r\n", "é,\"", "'", "\t", "日本", " x "]
    let read = try lines("n,t\n" + texts.map { "é\($0.count),\(CSVField.text($0))\n" }.joined())
    #expect(read.dropFirst().map { $0[1].text } == texts)
    #expect(read[3].map(\.place) == [.init(line: 4, column: 1), .init(line: 4, column: 4)])
  }

  @Test("Any fields, written and read, stay the same")
  func any() throws {
    var random = SplitMix64(seed: 7)
    let parts = ["a", ",", "\"", "\n", "\r", " ", "é", "\u{301}", "\t", "1"]
    for _ in 0..<200 {
      let rows = (0..<4).map { _ in
        (0..<3).map { _ in (0..<random.below(5)).map { _ in parts[random.below(parts.count)] }.joined() }
      }
      let text = rows.map { $0.map(CSVField.text).joined(separator: ",") + "\n" }.joined()
      #expect(try lines(text).map { $0.map(\.text) } == rows, "\(text.debugDescription)")
    }
  }

  @Test(
    "A mistake is an error with file, line and column",
    arguments: [
      ("a,b\n1\n", "t.csv:2:1"), ("a,b\n1,2,3\n", "t.csv:2:5"), ("a,b\né,2\n\"x\ny\",3,4\n", "t.csv:4:6"),
      ("a\n\"x\n", "t.csv:2:1"), ("a,b\n\"x\"y,1\n", "t.csv:2:4"), ("a,b\n1,x\"y\n", "t.csv:2:4"), ("", "t.csv"),
      ("\n\r\n", "t.csv"), ("\u{FEFF}", "t.csv"),
    ])
  func wrong(text: String, place: String) {
    let error = #expect(throws: CSVError.self) { try lines(text) }
    #expect(error?.diagnosis.file == place && error?.isBadInput == true)
  }

  @Test("Bytes that are not UTF-8 are refused with their position")
  func bytes() throws {
    var reader = try CSVReader([0x61, 0x0A, 0xC3, 0xA9, 0x0A, 0xFF], file: "t.csv")
    #expect(try reader.next()?.first?.text == "é")
    let error = #expect(throws: CSVError.self) { try reader.next() }
    #expect(error?.diagnosis.file == "t.csv:3:1")
  }
}
