import Support
import Synchronization

/// Runs numbered tasks on several threads and passes on their results in numerical order.
///
/// Which thread runs a task, and when, has no effect: a sum over tasks has the same bits for any number of threads.
/// Tasks run in waves of ``wave``. At most that many results wait to be merged, and the caller waits for each wave.
package enum OrderedTasks {
  static let wave = 256

  /// - Parameters:
  ///   - finished: receives the number of finished tasks after each task, on the thread that ran it; one call at a
  ///     time.
  ///   - task: runs on up to `threads` threads at once.
  ///   - merge: runs on the caller's thread.
  ///   - checkCancellation: runs on the caller's thread before each wave; an error it throws ends the run.
  /// - Throws: what `checkCancellation` throws, and `CancellationError` between two tasks if the current Swift task is
  ///   cancelled.
  package static func run<Result: Sendable>(
    _ tasks: Int, threads: Int, checkCancellation: () throws -> Void = {}, finished: @Sendable (Int) -> Void = { _ in },
    task: @Sendable (Int) -> Result, merge: (Int, Result) -> Void
  ) throws {
    var start = 0
    while start < tasks {
      try checkCancellation()
      let end = min(start + wave, tasks)
      let results = try compute(start..<end, threads: threads, finished: finished, task: task)
      for (offset, result) in results.enumerated() {
        if let result { merge(start + offset, result) }
      }
      start = end
    }
  }

  private static func compute<Result: Sendable>(
    _ tasks: Range<Int>, threads: Int, finished: @Sendable (Int) -> Void, task: @Sendable (Int) -> Result
  ) throws -> [Result?] {
    let state = Mutex((results: [Result?](repeating: nil, count: tasks.count), done: tasks.lowerBound))
    try WorkerThreads(threads).runUnlessCancelled(tasks.count) { offset in
      let result = task(tasks.lowerBound + offset)
      state.withLock {
        $0.results[offset] = result
        $0.done += 1
        finished($0.done)
      }
    }
    return state.withLock { $0.results }
  }
}
