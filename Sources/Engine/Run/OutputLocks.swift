import Logging
import Storage

/// Locks on every output of a run. They are taken before anything is read, renewed during the run, and removed at its
/// end, however it ends.
///
/// The run that holds them removes what killed runs left of the outputs, at its start and after it succeeds.
package struct OutputLocks: Sendable {
  private let locks: [OutputLock]

  /// Takes all locks or none. Throws `StreamError` that names the holder of a lock already taken.
  package static func take(_ outputs: [String], run: String, log: Logger) async throws -> OutputLocks {
    var locks: [OutputLock] = []
    do {
      for output in outputs {
        locks.append(try await OutputLock.take(output, run: run) { log.warning("\($0)") })
      }
    } catch {
      for lock in locks { lock.release() }
      throw error
    }
    Leftovers.remove(of: outputs)
    return OutputLocks(locks: locks)
  }

  /// Runs `body` while renewing the locks, and removes them at the end. If another run has taken one over, cancels
  /// `body` and throws that error. If `body` succeeds, only the outputs are left: no checkpoints.
  package func holding<Result: Sendable>(_ body: @escaping @Sendable () async throws -> Result) async throws -> Result {
    defer { for lock in locks { lock.release() } }
    let result = try await renewing(body)
    Leftovers.removeAll(of: locks.filter(\.isHeld).map(\.output))
    return result
  }

  private func renewing<Result: Sendable>(_ body: @escaping @Sendable () async throws -> Result) async throws -> Result
  {
    try await withThrowingTaskGroup(of: Result?.self) { group in
      group.addTask { try await body() }
      group.addTask {
        while !Task.isCancelled {
          try? await Task.sleep(for: OutputLock.interval)
          if Task.isCancelled { break }
          for lock in locks { try lock.beat() }
        }
        return nil
      }
      defer { group.cancelAll() }
      while let result = try await group.next() {
        if let result { return result }
      }
      throw CancellationError()
    }
  }
}
