import TestSupport
import Testing

@testable import Engine
@testable import Storage

@Suite("Status of a run")
struct RunStatusTests {
  private let wait = PipeWaits.Wait(name: "pipe", bytes: 3_000_000, seconds: 2)

  private func reader(_ name: String, unit: String = "B", goal: Int = 0, done: Int = 0) -> Meter {
    let meter = Meter(stage: name, kind: "read", unit: unit, goal: goal, isOfReader: true)
    meter.start()
    meter.update(done: done)
    return meter
  }

  private func done(_ meters: [Meter], _ wait: PipeWaits.Wait?) -> [Int] {
    RunStatus.stages(meters, waiting: wait).map(\.done)
  }

  @Test("A reader that waits for a pipe has read what came before, even without a full block; others have not")
  func waiting() {
    let fold = Meter(stage: "m", kind: "accumulate", unit: "rows", goal: 0)
    fold.start()
    let waiting = Meter(stage: "later", kind: "read", unit: "B", goal: 0, isOfReader: true)
    #expect(done([reader("r"), fold, waiting], wait) == [3_000_000, 0, 0])
    #expect(done([reader("r"), fold, waiting], nil) == [0, 0, 0])
    #expect(done([reader("r", done: 5_000_000)], wait) == [5_000_000])
  }

  @Test("The status stays unchanged if the stage reads files, counts rows, or may not be the one that waits")
  func others() {
    #expect(done([reader("r", goal: 9_000_000, done: 7)], wait) == [7])
    #expect(done([reader("r", unit: "rows", done: 7)], wait) == [7])
    #expect(done([reader("r", done: 7), reader("s", done: 8)], wait) == [7, 8])
    #expect(done([], wait).isEmpty)
  }
}
