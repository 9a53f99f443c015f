import TestSupport
import Testing

@testable import Engine

@Suite("Meter")
struct MeterTests {
  @Test("A stage waits, runs, and ends once; its clock stands still before and after")
  func states() {
    let meter = Meter(stage: "a", unit: "B", goal: 10)
    #expect(meter.state == .waiting && meter.seconds == 0)
    meter.end(.done)
    #expect(meter.state == .waiting)
    meter.start()
    #expect(meter.state == .running)
    meter.end(.failed)
    meter.end(.done)
    #expect(meter.state == .failed)
    let seconds = meter.seconds
    #expect(meter.seconds == seconds)
  }

  @Test("Times of work and waiting add up")
  func times() {
    let meter = Meter(stage: "a", unit: "B", goal: 10)
    meter.add(work: .milliseconds(250))
    meter.add(work: .seconds(2))
    meter.add(wait: .microseconds(1))
    #expect(abs(meter.worked - 2.25) < 1e-9 && abs(meter.waited - 1e-6) < 1e-12)
    #expect(meter.working { 7 } == 7)
    #expect(meter.worked > 2.25)
  }
}
