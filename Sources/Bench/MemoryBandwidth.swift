import Foundation
import Samples
import Support

/// How fast all threads together read memory: a pass over a buffer larger than any of their caches.
///
/// The pass looks for NaN and infinity in float64, as reading a stream does. That is a load, an and, a comparison and
/// an or for every 64 bytes, which is faster than any memory.
struct MemoryBandwidth: ~Copyable {
  private let buffer: UnsafeMutableRawBufferPointer
  private let workers: WorkerThreads
  private static let stretch = 4 << 20

  /// Bytes of the buffer: 512 MiB, or 32 MiB per thread if that is more; never more than an eighth of `memory`.
  static func byteCount(workers: WorkerThreads, memory: Int) -> Int {
    let wanted = max(512 << 20, workers.count * 32 << 20)
    return max(min(wanted, memory / 8) / stretch, 1) * stretch
  }

  /// - Parameter byteCount: as ``byteCount(workers:memory:)`` gives it.
  init(byteCount: Int, workers: WorkerThreads) throws {
    self.workers = workers
    buffer = try MappedMemory.map(byteCount, for: "measuring the speed of memory")
    // Each piece writes its own stretch. Untouched memory would all be the same page of zeros.
    nonisolated(unsafe) let start = buffer.baseAddress
    workers.run(byteCount / Self.stretch) { piece in
      if let start { memset(start + piece * Self.stretch, 0x11, Self.stretch) }
    }
  }

  deinit { MappedMemory.unmap(buffer) }

  var byteCount: Int { buffer.count }

  /// Reads the whole buffer once.
  borrowing func read() {
    // Only read from here on.
    nonisolated(unsafe) let start = UnsafeRawPointer(buffer.baseAddress)
    workers.run(buffer.count / Self.stretch) { piece in
      guard let start else { return }
      _ = ScalarType.float64.firstNonfinite(
        start + piece * Self.stretch, count: Self.stretch / ScalarType.float64.byteCount)
    }
  }
}
