import TestSupport
import Testing

@testable import Storage
@testable import Vocabulary

@Suite("Maps from tokens to classes")
struct ClassMapTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func map(_ text: String) throws -> [Int32: Int32] {
    try ClassMap(try folder.write("classes.csv", text: text)).classes
  }

  @Test(
    "Each line has a token and its class, with comma, tab or spaces between; header, comments and blank lines are fine")
  func lines() throws {
    #expect(try map("token,class\n1,5\r\n\n2\t5 # two\n3  0\n1,5") == [1: 5, 2: 5, 3: 0])
  }

  @Test(
    "An invalid class or token is named by its line",
    arguments: ["1,5\n1", "1,5\n1,6", "1,5\n-1,2", "1,5\n2,-1", "1,5\n2,2147483647", "1,5\na,b", "1,5\n1,2,3"])
  func wrong(text: String) throws {
    let error = #expect(throws: StreamError.self) { try map(text) }
    #expect(error?.diagnosis.position == "line 2")
  }

  @Test("A file without classes is refused")
  func empty() {
    #expect(throws: StreamError.self) { try map("token,class\n# none\n") }
  }
}
