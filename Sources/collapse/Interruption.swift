import Foundation
import UnixSignals

/// Turns SIGINT and SIGTERM into cancellation, so that a run ends in order; a later signal ends the process at once.
enum Interruption {
  /// Signals so soon after the first are the same one: `timeout` and batch systems send it to a process and to its group.
  private static let echo = Duration.milliseconds(500)

  /// Runs `body` in a task that the first signal cancels.
  static func cancelling(_ body: @escaping @Sendable () async throws -> Void) async throws {
    let work = Task { try await body() }
    let watch = Task {
      var first: ContinuousClock.Instant?
      for await _ in await UnixSignalsSequence(trapping: .sigint, .sigterm) {
        work.cancel()
        if let first, .now - first > echo { _exit(Failure.interrupted) }
        first = first ?? .now
      }
    }
    defer { watch.cancel() }
    try await work.value
  }
}
