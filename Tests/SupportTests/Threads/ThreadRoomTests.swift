import Testing

@testable import Support

@Suite("Room for threads")
struct ThreadRoomTests {
  @Test("As many threads start as are asked for, and none is left", arguments: [0, 1, 20])
  func some(count: Int) { #expect(ThreadRoom.threads(upTo: count) == count) }
}
