import CProcess
import Dispatch

/// A dedicated thread for an actor that blocks or keeps a core busy, so that it does not hold up Swift's cooperative
/// pool.
///
/// Jobs run one at a time on a private serial queue. The actor's isolation is unchanged.
package final class DedicatedExecutor: SerialExecutor {
  private let queue: DispatchQueue

  package init(_ label: String) {
    queue = DispatchQueue(label: "collapse.\(label)", qos: .userInitiated)
  }

  package func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let executor = asUnownedSerialExecutor()
    queue.async {
      collapse_use_signal_stack()
      job.runSynchronously(on: executor)
    }
  }

  package func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }

  /// Runs `work` on a dedicated thread. It sees the cancellation of the task that awaits it.
  package static func run<Result: Sendable>(
    _ label: String, _ work: @Sendable () throws -> Result
  ) async throws -> Result {
    try await Worker(executor: DedicatedExecutor(label)).run(work)
  }

  private actor Worker {
    private let executor: DedicatedExecutor

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    init(executor: DedicatedExecutor) { self.executor = executor }

    func run<Result: Sendable>(_ work: @Sendable () throws -> Result) throws -> Result { try work() }
  }
}
