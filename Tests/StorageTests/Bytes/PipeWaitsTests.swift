import TestSupport
import Testing

@testable import Storage

@Suite("Waits for pipes")
struct PipeWaitsTests {
  private final class Reader {}

  @Test("The longest wait is reported until it ends, by the pipe's name or its title")
  func longest() {
    // Long enough ago that no other wait of this process is longer.
    let (one, two) = (Reader(), Reader())
    let (pipe, other) = ("pipe of the test of waits", "other pipe of that test")
    PipeWaits.begin(one, pipe, bytes: 5, since: .now - .seconds(2_000_000))
    PipeWaits.begin(two, other, bytes: 7, since: .now - .seconds(1_000_000))
    let first = PipeWaits.longest
    #expect(first?.name == pipe && first?.bytes == 5 && (first?.seconds ?? 0) >= 2_000_000)
    PipeWaits.call(pipe, "stage train")
    #expect(PipeWaits.longest?.name == "stage train")
    PipeWaits.call(pipe, nil)
    #expect(PipeWaits.longest?.name == pipe)
    PipeWaits.end(one)
    #expect(PipeWaits.longest?.name == other)
    // A new wait has a new start.
    PipeWaits.begin(two, "-", bytes: 9, since: .now - .seconds(3_000_000))
    #expect(PipeWaits.longest?.bytes == 9 && (PipeWaits.longest?.seconds ?? 0) >= 3_000_000)
    PipeWaits.end(two)
    #expect(PipeWaits.longest?.bytes != 9 && PipeWaits.longest?.name != other)
  }

  @Test("A wait gives its whole seconds, its source, and what came before")
  func text() {
    let wait = PipeWaits.Wait(name: "standard input", bytes: 4_096, seconds: 61.9)
    #expect(wait.text == "no bytes for 61 s from standard input, after 4096 bytes")
    let output = PipeWaits.Wait(name: "p", bytes: 7, seconds: 2, isOutput: true)
    #expect(output.text == "no reader took bytes from p for 2 s, after 7 bytes")
  }
}
