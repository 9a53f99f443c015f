import Testing

@testable import Engine

@Suite("When to write a checkpoint")
struct CheckpointClockTests {
  @Test("After the interval, and once per request; only on request if there is no interval")
  func due() {
    let (requests, start) = (CheckpointRequests(), ContinuousClock.now)
    var clock = CheckpointClock(every: .seconds(10), requests: requests, now: start)
    #expect(!clock.isDue(start + .seconds(9)))
    #expect(clock.isDue(start + .seconds(10)))
    clock.note(start + .seconds(10))
    #expect(!clock.isDue(start + .seconds(19)))
    requests.request()
    #expect(clock.isDue(start + .seconds(11)))
    clock.note(start + .seconds(11))
    #expect(!clock.isDue(start + .seconds(12)))
    let never = CheckpointClock(every: nil, requests: requests, now: start)
    #expect(!never.isDue(start + .seconds(1_000_000)))
    requests.request()
    #expect(never.isDue(start))
  }
}
