import TestSupport
import Testing

@testable import Vocabulary

@Suite("Lists of tokens")
struct TokenListTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func list(_ text: String) throws -> TokenList { try TokenList(try folder.write("tokens.txt", text: text)) }

  @Test("Each line has an id; comments, blank lines, spaces and duplicates are fine")
  func lines() throws {
    #expect(try list("# verbs\n12\n\n 7 # to be\r\n12\n0").tokens == [0, 7, 12])
    #expect(try list("").tokens.isEmpty)
    #expect(try list("2147483647\n").tokens == [.max])
    #expect(try list("\u{FEFF}3\r\n4\r\n").tokens == [3, 4])
  }

  @Test("The checksum depends on the ids alone")
  func checksum() throws {
    let sum = try list("3\n1\n").checksum
    #expect(try list("# other\n1\n3\n3\n").checksum == sum)
    #expect(try list("1\n").checksum != sum)
  }

  @Test(
    "A line that is not an id is an error that names it", arguments: ["-1", "abc", "1 2", "1.0", "2147483648", "é"])
  func bad(line: String) {
    expectError(.badLabel, file: folder.file("tokens.txt"), position: "line 3", mentioning: line) {
      _ = try list("1\n# two\n\(line)\n4\n")
    }
  }

  @Test("Bytes that are not text are an error, and so is a missing file")
  func unreadable() throws {
    let path = try folder.write("binary", [0xFF, 0x00, 0x0A])
    expectError(.badLabel, file: path, position: "line 1") { _ = try TokenList(path) }
    expectError(.missing, file: folder.file("none")) { _ = try TokenList(folder.file("none")) }
  }

  @Test("A pipe is read like a file")
  func pipe() throws {
    #expect(try TokenList(try folder.pipe("pipe", of: Array("5\n6\n".utf8), chunk: 1)).tokens == [5, 6])
  }
}
