import Engine
import Logging
import Storage

extension SlurmFolder {
  /// Runs `body`, which changes a pipeline's jobs, under a lock. Waits while others submit or cancel jobs.
  ///
  /// - Parameter name: the holder's name, shown to others who wait.
  func holding<Result: Sendable>(
    for name: String, log: Logger, _ body: @escaping @Sendable () async throws -> Result
  ) async throws -> Result {
    try refuseLinks()
    var isTold = false
    while true {
      do {
        return try await OutputLocks.take([jobs], run: name, log: log).holding(body)
      } catch let error as StreamError where error.kind == .held {
        if !isTold { log.info("waiting: \(error.diagnosis.summary)") }
        isTold = true
        try await Task.sleep(for: .seconds(1))
      }
    }
  }
}
