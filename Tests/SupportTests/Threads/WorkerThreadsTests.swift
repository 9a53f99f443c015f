import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Support

@Suite("Workers")
struct WorkerThreadsTests {
  @Test("Every piece is done exactly once", arguments: [-1, 1, 2, 3, 8, 64], [0, 1, 2, 7, 1_000])
  func exactlyOnce(threads: Int, pieces: Int) {
    let times = Mutex([Int](repeating: 0, count: pieces))
    WorkerThreads(threads).run(pieces) { piece in times.withLock { $0[piece] += 1 } }
    #expect(times.withLock { $0 } == [Int](repeating: 1, count: pieces))
  }

  @Test("There is always one worker, and zero pieces are no work")
  func bounds() {
    #expect(WorkerThreads(0).count == 1 && WorkerThreads(-5).count == 1 && WorkerThreads(6).count == 6)
    WorkerThreads(4).run(-1) { _ in Issue.record("a piece was done") }
  }

  @Test("One worker does the pieces in order, on the caller's thread")
  func oneWorker() {
    let order = Mutex([Int]())
    WorkerThreads(1).run(5) { piece in order.withLock { $0.append(piece) } }
    #expect(order.withLock { $0 } == [0, 1, 2, 3, 4])
  }

  @Test("A piece may be split into pieces itself")
  func nested() {
    let done = Atomic(0)
    WorkerThreads(3).run(5) { _ in WorkerThreads(4).run(7) { _ in done.add(1, ordering: .relaxed) } }
    #expect(done.load(ordering: .relaxed) == 35)
  }

  @Test("Swift tasks make progress while every processor has a piece", .timeLimit(.minutes(5)))
  func tasksGoOn() async {
    let pieces = 2 * ProcessInfo.processInfo.activeProcessorCount + 1
    let isWanted = DispatchSemaphore(value: 0)
    await withCheckedContinuation { continuation in
      Thread.detachNewThread {
        // No piece ends before the task has run, and the task is made once all pieces have begun.
        let begun = Atomic(0)
        WorkerThreads(pieces).run(pieces) { _ in
          if begun.add(1, ordering: .acquiringAndReleasing).newValue == pieces {
            Task { for _ in 0..<pieces { isWanted.signal() } }
          }
          isWanted.wait()
        }
        continuation.resume()
      }
    }
  }

  @Test("Results combined by number have the same bits for any number of workers")
  func independentOfCount() {
    func sum(_ threads: Int) -> Double {
      let parts = Mutex([Double](repeating: 0, count: 257))
      WorkerThreads(threads).run(257) { piece in
        let part = (1...50).reduce(0.0) { $0 + 1 / Double(piece * 50 + $1) }
        parts.withLock { $0[piece] = part }
      }
      return parts.withLock { $0.reduce(0, +) }
    }
    #expect(Set([1, 2, 3, 5, 16].map { sum($0).bitPattern }).count == 1)
  }

  @Test("Unless the task is cancelled, every piece runs; otherwise no more start", arguments: [1, 3])
  func cancelled(threads: Int) async throws {
    let pieces = Atomic(0)
    try WorkerThreads(threads).runUnlessCancelled(100) { _ in pieces.add(1, ordering: .relaxed) }
    #expect(pieces.load(ordering: .relaxed) == 100)
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      try WorkerThreads(threads).runUnlessCancelled(100_000) { _ in usleep(1000) }
    }
    await #expect(throws: CancellationError.self) { try await task.value }
  }
}
