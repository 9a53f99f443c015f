import Synchronization

/// Limits the bytes per second that the whole process reads and writes: a token bucket.
///
/// A request goes through at once if those before it are paid off. It then owes its own time, which the next one waits
/// for. An idle process saves up at most ``burst``. In any time t, at most rate·(t + burst) bytes plus one request go
/// through.
package final class IORate: Sendable {
  /// The limit of this process, for everything that reads inputs or writes states.
  package static let ofProcess = IORate()

  /// The most time that can be saved up.
  static let burst = Duration.milliseconds(250)

  private struct State {
    var bytesPerSecond: Double?
    /// When all past requests are paid off.
    var free = Duration.zero
  }

  private let state = Mutex(State())
  private let taken = Atomic<Int>(0)

  /// Bytes that have gone through, or been asked for, so far.
  package var total: Int { taken.load(ordering: .relaxed) }
  private let origin = SuspendingClock.now

  init() {}

  /// Sets the limit; nil removes it.
  package func limit(to bytesPerSecond: Int?) { state.withLock { $0.bytesPerSecond = bytesPerSecond.map(Double.init) } }

  var isLimited: Bool { state.withLock { $0.bytesPerSecond != nil } }

  /// How long to wait, at time `now`, before `bytes` may go through. Counts them as gone through.
  func delay(for bytes: Int, at now: Duration) -> Duration {
    state.withLock { state in
      guard let rate = state.bytesPerSecond else { return .zero }
      let start = max(state.free, now - Self.burst)
      state.free = start + .seconds(Double(bytes) / rate)
      return max(start - now, .zero)
    }
  }

  /// Waits until `bytes` may go through. Throws `CancellationError` if the task is cancelled or `isStopped` returns
  /// true.
  package func take(_ bytes: Int, unless isStopped: () -> Bool = { false }) throws {
    taken.wrappingAdd(bytes, ordering: .relaxed)
    guard isLimited else { return }
    try pause(delay(for: bytes, at: SuspendingClock.now - origin), unless: isStopped)
  }
}
