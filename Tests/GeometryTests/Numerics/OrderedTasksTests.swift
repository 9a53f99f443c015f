import Synchronization
import Testing

@testable import Geometry

@Suite("Tasks in order")
struct OrderedTasksTests {
  @Test("Results arrive in the order of their numbers, with any number of threads", arguments: [0, 1, 2, 3, 8])
  func order(threads: Int) throws {
    var seen: [Int] = []
    try OrderedTasks.run(1000, threads: threads) {
      $0 * $0
    } merge: { number, square in
      #expect(square == number * number)
      seen.append(number)
    }
    #expect(seen == Array(0..<1000))
  }

  @Test("Progress counts up by one to the total", arguments: [1, 4])
  func progress(threads: Int) throws {
    let calls = Mutex<[Int]>([])
    try OrderedTasks.run(
      300, threads: threads, checkCancellation: {}, finished: { done in calls.withLock { $0.append(done) } },
      task: { $0 },
      merge: { _, _ in })
    #expect(calls.withLock { $0 } == Array(1...300))
  }

  @Test("An error thrown by a checkpoint ends the run before the next wave")
  func ended() throws {
    var waves = 0
    #expect(throws: CancellationError.self) {
      try OrderedTasks.run(OrderedTasks.wave * 10, threads: 2) {
        waves += 1
        if waves == 3 { throw CancellationError() }
      } task: {
        $0
      } merge: { number, _ in
        #expect(number < OrderedTasks.wave * 2)
      }
    }
  }

  @Test("Zero tasks finish at once")
  func none() throws {
    try OrderedTasks.run(0, threads: 3) {
      $0
    } merge: { _, _ in
      Issue.record("merged")
    }
  }
}
