/// When a stage is to keep what it has done: after an interval, by a clock that nobody sets, and when it is asked to.
struct CheckpointClock {
  private let interval: Duration?
  private let requests: CheckpointRequests
  private var last: ContinuousClock.Instant
  private var answered: Int

  /// - Parameter interval: nil where only requests count.
  init(every interval: Duration?, requests: CheckpointRequests, now: ContinuousClock.Instant = .now) {
    (self.interval, self.requests) = (interval, requests)
    last = now
    answered = requests.number
  }

  /// Whether it is time.
  func isDue(_ now: ContinuousClock.Instant = .now) -> Bool {
    requests.number != answered || (interval.map { now - last >= $0 } ?? false)
  }

  /// Notes that it was done.
  mutating func note(_ now: ContinuousClock.Instant = .now) {
    last = now
    answered = requests.number
  }
}
