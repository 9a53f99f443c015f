import Dispatch
import Foundation
import Synchronization
import Testing

@testable import Support

@Suite("Helper threads")
struct HelperThreadsTests {
  @Test("The requested number of threads works at once with the caller, each a different one", arguments: [0, 1, 5])
  func atOnce(count: Int) {
    let threads = Mutex(Set<ObjectIdentifier>())
    let arrived = Atomic(0)
    HelperThreads.run(count) {
      threads.withLock { _ = $0.insert(ObjectIdentifier(Thread.current)) }
      arrived.add(1, ordering: .acquiringAndReleasing)
      // All wait for all the others, which would hang with fewer threads.
      while arrived.load(ordering: .acquiring) < count + 1 { Thread.sleep(forTimeInterval: 0.001) }
    }
    #expect(arrived.load(ordering: .relaxed) == count + 1)
    #expect(threads.withLock(\.count) == count + 1)
  }

  @Test("All work is visible after a call, for every call")
  func again() {
    let done = Atomic(0)
    for call in 1...200 {
      HelperThreads.run(3) { done.add(1, ordering: .relaxed) }
      #expect(done.load(ordering: .relaxed) == 4 * call)
    }
  }

  @Test("Simultaneous callers get their own helpers")
  func callers() {
    let done = Atomic(0)
    DispatchQueue.concurrentPerform(iterations: 8) { _ in
      for _ in 0..<20 { HelperThreads.run(2) { done.add(1, ordering: .relaxed) } }
    }
    #expect(done.load(ordering: .relaxed) == 8 * 20 * 3)
  }
}
