import Testing

@testable import Storage

@Suite("I/O rate")
struct IORateTests {
  @Test("Without a limit nothing waits")
  func none() throws {
    let rate = IORate()
    #expect(rate.delay(for: 1 << 40, at: .zero) == .zero)
    try rate.take(1 << 40)
  }

  @Test("A request waits until those before it are paid off")
  func debt() {
    let rate = IORate()
    rate.limit(to: 1000)
    #expect(rate.delay(for: 2000, at: .seconds(10)) == .zero)
    // Paid off at 10 − 0.25 + 2.
    #expect(rate.delay(for: 500, at: .seconds(10)) == .milliseconds(1750))
    #expect(rate.delay(for: 1, at: .seconds(10)) == .milliseconds(2250))
    #expect(rate.delay(for: 1, at: .seconds(20)) == .zero)
  }

  @Test("In any time, no more passes than the rate, the burst and one request allow", arguments: [1, 7, 99])
  func bound(seed: Int) {
    let (rate, limit) = (IORate(), 10_000)
    rate.limit(to: limit)
    var (now, done) = (Duration.zero, [(time: Duration, bytes: Int)]())
    for step in 1...500 {
      let bytes = (step * seed * 7919) % 3000 + 1
      now += rate.delay(for: bytes, at: now)
      done.append((now, bytes))
      // Now and then the process is idle.
      if step % 50 == 0 { now += .seconds(3) }
    }
    for first in stride(from: 0, to: done.count, by: 13) {
      var sum = 0
      for last in first..<done.count {
        sum += done[last].bytes
        let time = (done[last].time - done[first].time) / .seconds(1)
        #expect(Double(sum) <= Double(limit) * (time + 0.25) + 2 * 3000)
      }
    }
  }

  @Test("A task cancelled while it waits stops waiting")
  func stopped() {
    let rate = IORate()
    rate.limit(to: 1)
    #expect(throws: Never.self) { try rate.take(1_000_000) { true } }
    #expect(throws: CancellationError.self) { try rate.take(1) { true } }
  }
}
