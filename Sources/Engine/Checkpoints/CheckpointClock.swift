/// Decides when a stage writes a checkpoint: after an interval on a monotonic clock, and on request.
struct CheckpointClock {
  private let interval: Duration?
  private let requests: CheckpointRequests
  private var last: ContinuousClock.Instant
  private var answered: Int

  /// - Parameter interval: nil for requests only.
  init(every interval: Duration?, requests: CheckpointRequests, now: ContinuousClock.Instant = .now) {
    (self.interval, self.requests) = (interval, requests)
    last = now
    answered = requests.number
  }

  /// Whether a checkpoint is due.
  func isDue(_ now: ContinuousClock.Instant = .now) -> Bool {
    requests.number != answered || (interval.map { now - last >= $0 } ?? false)
  }

  /// Notes that a checkpoint was written.
  mutating func note(_ now: ContinuousClock.Instant = .now) {
    last = now
    answered = requests.number
  }
}
