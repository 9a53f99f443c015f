import Logging
import Storage

/// Work outside of pipelines that shows its progress as stages do.
package enum WatchedWork {
  /// Runs `body` with a meter for the bytes of its input.
  ///
  /// What the process reads counts as progress, so that the meter moves in the middle of a large batch too.
  ///
  /// - Parameter goal: the bytes to read; 0 if unknown.
  package static func run<Result: Sendable>(
    _ name: String, goal: Int, log: Logger, _ body: @Sendable (Meter) async throws -> Result
  ) async throws -> Result {
    let meter = Meter(stage: name, unit: "B", goal: goal, isOfReader: true)
    let before = IORate.ofProcess.total
    meter.start()
    let count = Task {
      while !Task.isCancelled {
        meter.update(done: max(meter.reading.done, IORate.ofProcess.total - before))
        try? await Task.sleep(for: .milliseconds(100))
      }
    }
    defer { count.cancel() }
    let watch = RunMonitor(status: RunStatus(name, [meter]), log: log, options: ProcessOptions(), file: nil)
    return try await watch.during { try await body(meter) }
  }
}
