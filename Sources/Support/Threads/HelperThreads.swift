import Dispatch
import Synchronization

/// Threads that help the caller with parallel work.
///
/// They do not come from Dispatch: `concurrentPerform` would take the threads that Swift's tasks run on. Until it
/// returned, no signal would be handled, no progress shown and no lock renewed.
///
/// - Threads are kept for later calls, up to the most that ever helped at once.
/// - If the system cannot create more threads, fewer help.
enum HelperThreads {
  private static let idle = Mutex<[HelperThread]>([])

  /// Runs `body` on the caller's thread and on `count` others. Returns when all are done.
  static func run(_ count: Int, _ body: @Sendable () -> Void) {
    let helpers = take(count)
    defer { idle.withLock { $0 += helpers } }
    withoutActuallyEscaping(body) { body in
      for helper in helpers { helper.begin(body) }
      body()
      for helper in helpers { helper.finish() }
    }
  }

  private static func take(_ count: Int) -> [HelperThread] {
    var helpers = idle.withLock { idle in
      let taken = Array(idle.suffix(count))
      idle.removeLast(taken.count)
      return taken
    }
    while helpers.count < count, let helper = HelperThread.make() { helpers.append(helper) }
    return helpers
  }
}

/// A thread that runs one piece of work after another, for one caller at a time.
private final class HelperThread: Sendable {
  private let work = Mutex<(@Sendable () -> Void)?>(nil)
  private let hasWork = DispatchSemaphore(value: 0)
  private let isDone = DispatchSemaphore(value: 0)

  /// Nil if the system cannot create another thread.
  static func make() -> HelperThread? {
    let helper = HelperThread()
    return SystemThread.start { helper.serve() } ? helper : nil
  }

  func begin(_ body: @escaping @Sendable () -> Void) {
    work.withLock { $0 = body }
    hasWork.signal()
  }

  /// Waits for the work to end and to be released.
  func finish() { isDone.wait() }

  private func serve() {
    while true {
      hasWork.wait()
      work.withLock { $0.take() }?()
      isDone.signal()
    }
  }
}
