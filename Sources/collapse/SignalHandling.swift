import Engine
import Foundation
import Synchronization

#if canImport(Glibc)
  import Glibc
#endif

/// Turns SIGINT, SIGTERM, SIGHUP (terminal gone) and SIGXCPU (CPU limit near) into cancellation, so that a run saves
/// its work and ends cleanly. A later signal ends the process at once. SIGUSR1 makes a run write a checkpoint and
/// continue.
enum SignalHandling {
  /// Checkpoints that SIGUSR1 asks for.
  static let requests = CheckpointRequests()

  /// Signals this soon after the first count as the same one: `timeout` and batch systems signal a process and its
  /// group.
  private static let echo = Duration.milliseconds(500)

  /// Runs `body` in a task that the first signal cancels.
  ///
  /// Throws `Errno` if no pipe can be made for the signals.
  static func cancelling(_ body: @escaping @Sendable () async throws -> Void) async throws {
    let work = Task { try await body() }
    let first = Mutex<ContinuousClock.Instant?>(nil)
    let signals = [SIGINT, SIGTERM, SIGUSR1, SIGXCPU] + (outlivesTerminal ? [] : [SIGHUP])
    let arriving = try SignalSource(of: signals) { signal in
      if signal == SIGUSR1 {
        requests.request()
        return
      }
      work.cancel()
      // The system sends this one every second after the soft limit; the hard limit ends the process.
      if signal == SIGXCPU { return }
      first.withLock { first in
        if let first, .now - first > echo { _exit(ExitStatus.interrupted) }
        first = first ?? .now
      }
    }
    defer { arriving.cancel() }
    try await work.value
  }

  /// Runs a body that writes nothing and does not check for cancellation: the first signal ends the process.
  static func withImmediateExit<Result>(_ body: () throws -> Result) async rethrows -> Result {
    try await withTaskCancellationHandler {
      try body()
    } onCancel: {
      ExitStatus.exit(with: CancellationError())
    }
  }

  /// Whether the parent process had SIGHUP ignored, as `nohup` does.
  private static var outlivesTerminal: Bool {
    var action = sigaction()
    guard sigaction(SIGHUP, nil, &action) == 0 else { return false }
    #if canImport(Glibc)
      let handler = action.__sigaction_handler.sa_handler
    #else
      let handler = action.__sigaction_u.__sa_handler
    #endif
    return unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}
