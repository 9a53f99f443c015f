import Dispatch
import Synchronization

/// Calls of libraries that run for minutes and cannot be interrupted, such as those of LAPACK.
package enum UninterruptibleWork {
  /// How often the caller looks whether its task is cancelled.
  private static let interval = DispatchTimeInterval.milliseconds(100)

  /// Runs `work` on a thread of its own and waits for it.
  ///
  /// If the current task is cancelled before it ends, the thread is left behind, and this throws `CancellationError` at once.
  /// The thread runs on to the end of its work, or of the process. So `work` owns all memory that it uses. Without
  /// another thread, it runs on the caller's.
  package static func run<Result: Sendable>(_ work: @escaping @Sendable () -> Result) throws -> Result {
    try Task.checkCancellation()
    let job = Job(work)
    guard SystemThread.start({ job.run() }) else { return work() }
    while job.isDone.wait(timeout: .now() + interval) == .timedOut { try Task.checkCancellation() }
    return try job.takeResult()
  }

  /// A piece of work and its result.
  private final class Job<Result: Sendable>: Sendable {
    private let work: @Sendable () -> Result
    private let result = Mutex<Result?>(nil)
    let isDone = DispatchSemaphore(value: 0)

    init(_ work: @escaping @Sendable () -> Result) { self.work = work }

    func run() {
      let found = work()
      result.withLock { $0 = found }
      isDone.signal()
    }

    func takeResult() throws -> Result {
      guard let found = result.withLock({ $0.take() }) else { throw CancellationError() }
      return found
    }
  }
}
