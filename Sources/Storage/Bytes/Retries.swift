import Support
import Synchronization

/// How often this process opened a file anew because the server of its file system had forgotten it.
public enum Retries {
  private static let counter = Atomic<Int>(0)

  public static var count: Int { counter.load(ordering: .relaxed) }

  static func note() { counter.wrappingAdd(1, ordering: .relaxed) }

  /// Tries before giving up.
  static let most = 6

  /// How long to wait before the try of that number: 0.1 s, then twice as long each time.
  static func delay(_ number: Int) -> Duration { .milliseconds(100 << min(number, 6)) }
}

/// Blocks this thread.
func pause(_ duration: Duration) {
  let (seconds, attoseconds) = duration.components
  var time = timespec(tv_sec: Int(max(seconds, 0)), tv_nsec: Int(max(attoseconds, 0) / 1_000_000_000))
  var left = timespec()
  while nanosleep(&time, &left) != 0 && errno == EINTR { time = left }
}
