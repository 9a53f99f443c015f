import Support
import Synchronization

/// Counts how often this process reopened a file that its server had forgotten.
package enum FileReopens {
  private static let counter = Atomic<Int>(0)

  package static var count: Int { counter.load(ordering: .relaxed) }

  static func note() { counter.wrappingAdd(1, ordering: .relaxed) }

  /// The most tries before giving up.
  static let most = 6

  /// How long to wait before try `number`: 0.1 s, then twice as long each time.
  static func delay(_ number: Int) -> Duration { .milliseconds(100 << min(number, 6)) }
}

/// Blocks this thread.
func pause(_ duration: Duration) {
  let (seconds, attoseconds) = duration.components
  var time = timespec(tv_sec: Int(max(seconds, 0)), tv_nsec: Int(max(attoseconds, 0) / 1_000_000_000))
  var left = timespec()
  while nanosleep(&time, &left) != 0 && errno == EINTR { time = left }
}

/// Waits in steps of 0.1 s. Throws `CancellationError` once the task is cancelled or `isStopped` returns true.
func pause(_ duration: Duration, unless isStopped: () -> Bool) throws {
  let end = SuspendingClock.now + duration
  while SuspendingClock.now < end {
    try Task.checkCancellation()
    if isStopped() { throw CancellationError() }
    pause(min(end - SuspendingClock.now, .milliseconds(100)))
  }
}
