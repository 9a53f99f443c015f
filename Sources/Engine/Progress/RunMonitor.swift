import Foundation
import Logging
import Storage

/// Shows and stores a run's status while it runs, and records how it ends.
struct RunMonitor: Sendable {
  let status: RunStatus
  let log: Logger
  let options: ProcessOptions
  /// The status file; nil if none is kept.
  let file: String?

  /// Time between updates of the status file.
  private static let interval = Duration.seconds(1)

  /// Runs `body` while watching it.
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

  /// Ignores errors: a status that cannot be written is no reason to lose work.
  private func keepStatus() {
    if let file { try? AtomicFile.refresh(file, text: status.record.json) }
  }
}
