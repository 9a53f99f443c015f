import Dispatch

/// A thread of its own for an actor whose work blocks or burns a core, so that it does not hold up Swift's cooperative
/// pool.
///
/// Jobs run one after another on a private serial queue; the actor's isolation is what it always is.
package final class DedicatedExecutor: SerialExecutor {
  private let queue: DispatchQueue

  package init(_ label: String) {
    queue = DispatchQueue(label: "collapse.\(label)", qos: .userInitiated)
  }

  package func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let executor = asUnownedSerialExecutor()
    queue.async { job.runSynchronously(on: executor) }
  }

  package func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }

  /// Does work on a thread of its own; it sees whether the task that waits for it is cancelled.
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
