import Testing

@testable import Engine

@Suite("Counting inputs from their samples")
struct InputCounterTests {
  @Test("An input begins with another source, or with a row that does not follow the last one of its source")
  func inputs() {
    var counter = InputCounter()
    let samples = [("a", 0), ("a", 1), ("a", 5), ("b", 6), ("b", 7), ("b", 7), ("b", 0), ("a", 3)]
    var found: [Int] = []
    for (source, row) in samples {
      counter.note(source, row: row)
      found.append(counter.before)
    }
    #expect(found == [0, 0, 0, 1, 1, 2, 3, 4])
  }

  @Test("Consecutive samples advance the position")
  func runs() {
    var counter = InputCounter()
    counter.note("a", row: 3)
    for _ in 0..<4 { counter.noteNext() }
    counter.note("a", row: 8)
    #expect(counter.before == 0)
    counter.note("a", row: 8)
    #expect(counter.before == 1)
  }
}
