import Support
import Synchronization

/// The uninitialized memory of one block: labels, predictions, row starts, and the features the block keeps itself.
///
/// `@unchecked Sendable` holds because a storage has one owner at a time: the pool, or the one block that took it.
final class BlockStorage: @unchecked Sendable {
  let rows: Int
  let featureBytes: Int
  let labels: UnsafeMutablePointer<Int32>
  let predictions: UnsafeMutablePointer<Int32>
  let starts: UnsafeMutablePointer<UnsafeRawPointer>
  let features: UnsafeMutableRawPointer

  /// Throws `OutOfMemory`.
  init(rows: Int, featureBytes: Int) throws {
    try MappedMemory.check(featureBytes + rows * 16, for: "a block of \(rows) rows")
    (self.rows, self.featureBytes) = (rows, featureBytes)
    labels = .allocate(capacity: rows)
    predictions = .allocate(capacity: rows)
    starts = .allocate(capacity: rows)
    features = .allocate(byteCount: featureBytes, alignment: 64)
  }

  deinit {
    labels.deallocate()
    predictions.deallocate()
    starts.deallocate()
    features.deallocate()
  }
}

/// Lends blocks their memory and takes it back. A stream of any length uses only the memory of the blocks in flight,
/// until ``close()`` releases it.
public final class BlockPool: Sendable {
  private let free = Mutex<(storages: [BlockStorage], isClosed: Bool)>(([], false))

  public init() {}

  func take(rows: Int, featureBytes: Int) throws -> BlockStorage {
    try free.withLock { free in
      if let fitting = free.storages.lastIndex(where: { $0.rows == rows && $0.featureBytes == featureBytes }) {
        return free.storages.remove(at: fitting)
      }
      // The free storages are for another dimension or type, which is unlikely to return.
      free.storages.removeAll()
      return try BlockStorage(rows: rows, featureBytes: featureBytes)
    }
  }

  func give(back storage: BlockStorage) {
    free.withLock { if !$0.isClosed { $0.storages.append(storage) } }
  }

  /// Releases free memory at once, and the rest along with the blocks that use it.
  public func close() { free.withLock { $0 = ([], true) } }
}
