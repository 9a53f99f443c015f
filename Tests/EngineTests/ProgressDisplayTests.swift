import Testing

@testable import Engine

@Suite("Progress display")
struct ProgressDisplayTests {
  private func stage(done: Int, goal: Int, unit: String = "B", rows: Int = 0) -> StatusRecord.Stage {
    StatusRecord.Stage(
      name: "a", kind: "", state: "running", done: done, goal: goal, unit: unit, rows: rows,
      rowsPerSecond: Double(rows) / 10, seconds: 10, worked: 6, waited: 2)
  }

  @Test("Bytes without rows have their own rate")
  func bytes() {
    #expect(ProgressDisplay.line(stage(done: 10 << 20, goal: 20 << 20, rows: 0)).contains("50 %, 1.0 MiB/s, 0:10 left"))
  }

  @Test("A line shows share done, rows, rate, time left and waiting, if known")
  func line() {
    #expect(
      ProgressDisplay.line(stage(done: 25, goal: 100, rows: 5000))
        == "a: 25 %, 5\u{202F}000 rows, 500 rows/s, 0:30 left, 25 % waiting")
    #expect(
      ProgressDisplay.line(stage(done: 5000, goal: 0, unit: "rows", rows: 5000))
        == "a: 5\u{202F}000 rows, 500 rows/s, 25 % waiting")
    #expect(ProgressDisplay.line(stage(done: 0, goal: 0, unit: "rows")) == "a: 0 rows, 25 % waiting")
    #expect(ProgressDisplay.line(stage(done: 2048, goal: 0)) == "a: 2.0 KiB, 25 % waiting")
    #expect(ProgressDisplay.line(stage(done: 3, goal: 0, unit: "tiles")) == "a: 3 tiles, 25 % waiting")
    #expect(ProgressDisplay.line(stage(done: 200, goal: 100)) == "a: 100 %, 25 % waiting")
  }

  @Test("Times are written the way people write them")
  func time() {
    for (seconds, text) in [
      (0, "0.0 s"), (12.34, "12.3 s"), (125, "2:05"), (10_925, "3:02:05"), (.infinity, "277777:46:40"),
    ] {
      #expect(ProgressDisplay.time(seconds) == text)
    }
  }

  @Test("A dumb terminal, or one without a name, gets no cursor movements")
  func terminals() {
    for terminal in ["xterm-256color", "linux", "screen", "vt100"] {
      #expect(TerminalLines.isUnderstood(by: terminal))
    }
    for terminal in [nil, "", "dumb"] { #expect(!TerminalLines.isUnderstood(by: terminal)) }
  }

  @Test("Lines on a terminal are erased from the first to the last")
  func lines() {
    #expect(TerminalLines.clearing([]).isEmpty && TerminalLines.drawing([]).isEmpty)
    #expect(TerminalLines.drawing(["a", "b"]) == "a\nb")
    #expect(TerminalLines.clearing(["a", "b", "c"]) == "\r\u{1B}[A\u{1B}[A\u{1B}[J")
  }
}
