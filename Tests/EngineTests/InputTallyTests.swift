import Testing

@testable import Engine

@Suite("Inputs as their samples come")
struct InputTallyTests {
  @Test("Another source begins an input, and so does a row that is not behind the last one of the same source")
  func inputs() {
    var tally = InputTally()
    let samples = [("a", 0), ("a", 1), ("a", 5), ("b", 6), ("b", 7), ("b", 7), ("b", 0), ("a", 3)]
    var found: [Int] = []
    for (source, row) in samples {
      tally.note(source, row: row)
      found.append(tally.before)
    }
    #expect(found == [0, 0, 0, 1, 1, 2, 3, 4])
  }

  @Test("Samples that follow in a run move the place on")
  func runs() {
    var tally = InputTally()
    tally.note("a", row: 3)
    for _ in 0..<4 { tally.noteNext() }
    tally.note("a", row: 8)
    #expect(tally.before == 0)
    tally.note("a", row: 8)
    #expect(tally.before == 1)
  }
}
