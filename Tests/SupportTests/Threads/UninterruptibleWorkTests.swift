import Dispatch
import Testing

@testable import Support

@Suite("Work that cannot be interrupted")
struct UninterruptibleWorkTests {
  @Test("It gives the result of the work, from another thread")
  func result() throws {
    let here = pthread_self()
    #expect(try UninterruptibleWork.run { pthread_equal(here, pthread_self()) == 0 ? 7 : 8 } == 7)
    #expect(try (0..<50).map { number in try UninterruptibleWork.run { number } } == Array(0..<50))
  }

  @Test("A cancelled task gets its answer while the work goes on, and what the work uses stays alive")
  func cancelled() async throws {
    final class Resource: Sendable {
      let ended: DispatchSemaphore
      init(_ ended: DispatchSemaphore) { self.ended = ended }
      deinit { ended.signal() }
    }
    let (begun, goOn, ended) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    let task = Task {
      let resource = Resource(ended)
      try await DedicatedExecutor.run("test") {
        try UninterruptibleWork.run {
          begun.signal()
          goOn.wait()
          withExtendedLifetime(resource) {}
        }
      }
    }
    await Self.wait(begun)
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(ended.wait(timeout: .now()) == .timedOut)
    goOn.signal()
    await Self.wait(ended)
  }

  @Test("A task that is already cancelled starts nothing")
  func before() async throws {
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try UninterruptibleWork.run { 1 }
    }
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  private static func wait(_ semaphore: DispatchSemaphore) async {
    await withCheckedContinuation { continuation in
      DispatchQueue.global().async {
        semaphore.wait()
        continuation.resume()
      }
    }
  }
}
