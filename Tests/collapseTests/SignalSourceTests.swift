import Foundation
import Synchronization
import Testing

@testable import collapse

#if canImport(Glibc)
  import Glibc
#endif

@Suite("Signals of this process")
struct SignalSourceTests {
  @Test("Each signal after the start is seen, even if none was read until many had come")
  func burst() throws {
    let seen = Mutex<[Int32]>([])
    let source = try SignalSource(of: [SIGUSR2]) { signal in seen.withLock { $0.append(signal) } }
    defer { source.cancel() }
    for _ in 0..<100 { raise(SIGUSR2) }
    // No limit in seconds: a busy machine may take any time to run the source's thread.
    while seen.withLock({ $0.count }) < 100 { usleep(1_000) }
    #expect(seen.withLock { $0 } == [Int32](repeating: SIGUSR2, count: 100))
  }
}
