import Foundation

/// Threads that decode chunks of HDF5 datasets in order of arrival, at most `threads` at a time.
package final class ChunkDecoders: Sendable {
  let threads: Int
  private let queue: OperationQueue

  package init(threads: Int) {
    self.threads = threads
    queue = OperationQueue()
    queue.maxConcurrentOperationCount = threads
    queue.qualityOfService = .userInitiated
  }

  /// Queues chunks for decoding. With one thread, decodes them on the caller's.
  func start(_ chunks: ChunkDecodingJob) {
    guard threads > 1 else { return chunks.decode() }
    queue.addOperation { chunks.decode() }
  }
}
