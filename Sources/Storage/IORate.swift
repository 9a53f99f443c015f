import Synchronization

/// A limit to the bytes that are read and written in a second, for the whole process: a token bucket.
///
/// A request goes through at once as long as those before it are paid off; it then owes its own time, which the next one
/// waits for. A process that was idle may be ahead by what ``burst`` allows, and no more. So in any time t, at most
/// rate·(t + burst) bytes and one request go through.
public final class IORate: Sendable {
  /// The one that everything of this process which reads inputs and writes states asks.
  public static let ofProcess = IORate()

  /// Time that may be saved up.
  static let burst = Duration.milliseconds(250)

  private struct State {
    var bytesPerSecond: Double?
    /// When everything that went through is paid off.
    var free = Duration.zero
  }

  private let state = Mutex(State())
  private let origin = SuspendingClock.now

  init() {}

  /// Sets the limit; nil is none.
  public func limit(to bytesPerSecond: Int?) { state.withLock { $0.bytesPerSecond = bytesPerSecond.map(Double.init) } }

  var isLimited: Bool { state.withLock { $0.bytesPerSecond != nil } }

  /// How long to wait, at the time `now`, before `bytes` may go through; they are counted as if that was done.
  func delay(for bytes: Int, at now: Duration) -> Duration {
    state.withLock { state in
      guard let rate = state.bytesPerSecond else { return .zero }
      let start = max(state.free, now - Self.burst)
      state.free = start + .seconds(Double(bytes) / rate)
      return max(start - now, .zero)
    }
  }

  /// Waits until `bytes` may go through. Throws `CancellationError` where the task is cancelled, or `isStopped` says so.
  public func take(_ bytes: Int, unless isStopped: () -> Bool = { false }) throws {
    guard isLimited else { return }
    try pause(delay(for: bytes, at: SuspendingClock.now - origin), unless: isStopped)
  }
}
