import Foundation
import Synchronization
import Testing

@testable import collapse

#if canImport(Glibc)
  import Glibc
#endif

@Suite("Signals of this process")
struct SignalSourceTests {
  @Test("Each signal after the start is seen, with its number")
  func each() throws {
    let seen = Mutex<[Int32]>([])
    let source = try SignalSource(of: [SIGUSR2]) { signal in seen.withLock { $0.append(signal) } }
    defer { source.cancel() }
    for count in 1...20 {
      // To the process, as others send them: the threads of Dispatch block signals to themselves.
      kill(getpid(), SIGUSR2)
      for _ in 0..<60_000 where seen.withLock({ $0.count }) < count { usleep(1_000) }
      try #require(seen.withLock { $0 } == [Int32](repeating: SIGUSR2, count: count))
    }
  }
}
