import CZstd
import Dispatch
import Synchronization

/// Threads that decode frames in the order of submission. At most a given number run at once, and each takes whichever
/// frame is next, so that none waits for another.
///
/// `@unchecked Sendable` is safe because a mutex guards all state, and a decoder outside it belongs to one thread.
final class FrameDecoders: @unchecked Sendable {
  private struct State: @unchecked Sendable {
    // Only accessed behind the mutex.
    var waiting: [FrameDecodingJob] = []
    var running = 0
    /// Decoders that no thread is using.
    var free: [OpaquePointer] = []
  }

  private let threads: Int
  private let state = Mutex(State())
  private let queue = DispatchQueue(label: "collapse.decode", qos: .userInitiated, attributes: .concurrent)

  init(threads: Int) { self.threads = threads }

  deinit {
    state.withLock { for decoder in $0.free { ZSTD_freeDCtx(decoder) } }
  }

  /// Submits a frame for decoding; false if there is no memory for a decoder.
  func start(_ frame: FrameDecodingJob) -> Bool {
    let isRunningForIt = state.withLock { state in
      guard state.running < threads else {
        state.waiting.append(frame)
        return false
      }
      state.running += 1
      return true
    }
    guard isRunningForIt else { return true }
    guard let decoder = state.withLock({ $0.free.popLast() }) ?? ZSTD_createDCtx() else {
      state.withLock { $0.running -= 1 }
      return false
    }
    // The decoder belongs to this thread until it is put back.
    nonisolated(unsafe) let own = decoder
    queue.async { [self] in run(frame, own) }
    return true
  }

  private func run(_ frame: FrameDecodingJob, _ decoder: OpaquePointer) {
    var next: FrameDecodingJob? = frame
    while let frame = next {
      frame.decode(with: decoder)
      next = state.withLock { state in
        guard state.waiting.isEmpty else { return state.waiting.removeFirst() }
        state.running -= 1
        state.free.append(decoder)
        return nil
      }
    }
  }
}
