import Foundation
import UnixSignals

/// Turns SIGINT and SIGTERM into cancellation, so that a run ends in order; a second signal ends the process at once.
enum Interruption {
  /// Runs `body` in a task that the first signal cancels.
  static func cancelling(_ body: @escaping @Sendable () async throws -> Void) async throws {
    let work = Task { try await body() }
    let watch = Task {
      var seen = 0
      for await _ in await UnixSignalsSequence(trapping: .sigint, .sigterm) {
        seen += 1
        work.cancel()
        if seen > 1 { _exit(Failure.interrupted) }
      }
    }
    defer { watch.cancel() }
    try await work.value
  }
}
