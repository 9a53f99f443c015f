import Foundation

/// Threads that decode chunks of HDF5 datasets, first come first served: as many at a time as are allowed.
package final class ChunkDecoders: Sendable {
  let threads: Int
  private let queue: OperationQueue

  package init(threads: Int) {
    self.threads = threads
    queue = OperationQueue()
    queue.maxConcurrentOperationCount = threads
    queue.qualityOfService = .userInitiated
  }

  /// Has some chunks decoded; of one thread, by the calling one.
  func start(_ chunks: ChunkDecoding) {
    guard threads > 1 else { return chunks.decode() }
    queue.addOperation { chunks.decode() }
  }
}
