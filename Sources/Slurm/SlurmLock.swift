import Engine
import Logging
import Storage

extension SlurmFolder {
  /// Does what changes a pipeline's jobs, while nobody else does: waits for whoever submits or cancels them.
  ///
  /// - Parameter name: of who does it, for those who wait.
  func holding<Result: Sendable>(
    for name: String, log: Logger, _ body: @escaping @Sendable () async throws -> Result
  ) async throws -> Result {
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
