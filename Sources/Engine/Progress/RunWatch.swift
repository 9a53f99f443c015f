import Foundation
import Logging
import Storage

/// Shows and keeps a run's status while it runs, and says in the end what came of it.
struct RunWatch: Sendable {
  let status: RunStatus
  let log: Logger
  let options: ProcessOptions
  /// Where the status is kept; nil where nowhere.
  let file: String?

  /// Between two writings of the status file.
  private static let interval = Duration.seconds(1)

  /// Runs `body`, watched.
  func during<Result: Sendable>(_ body: @Sendable () async throws -> Result) async throws -> Result {
    let show = Task { await ProgressDisplay(log: log, interval: options.logInterval).show(status) }
    let keep = Task {
      while !Task.isCancelled {
        keepStatus()
        try? options.lowerPriority()
        try? await Task.sleep(for: Self.interval)
      }
    }
    func stop() async {
      show.cancel()
      keep.cancel()
      await show.value
      await keep.value
      keepStatus()
    }
    do {
      let result = try await body()
      status.end(.done)
      await stop()
      return result
    } catch {
      status.end(error is CancellationError ? .interrupted : .failed, error)
      await stop()
      throw error
    }
  }

  /// A status that cannot be written is no reason to lose work.
  private func keepStatus() {
    if let file { try? AtomicFile.refresh(file, text: status.record.json) }
  }
}
