import Samples

/// What the rows of a stream look like, known before any of them is read.
public struct StreamShape: Sendable, Equatable {
  /// Features of a row.
  public let dimension: Int
  /// Their storage type in the first batch.
  public let scalar: ScalarType
  /// Blocks in memory at once at most: one with whoever takes them, one that is read meanwhile, and those being filled by
  /// stages in between.
  public var blocksAtOnce = 2
  /// Rows of the stream at most, and so its classes; nil where nobody knows.
  public var mostRows: Int?

  /// Bytes of memory that its first input takes beside blocks and ``EmbeddingReader/memoryAhead``, as for large chunks of
  /// HDF5.
  public let keptBytes: Int

  public init(dimension: Int, scalar: ScalarType, keptBytes: Int = 0) {
    (self.dimension, self.scalar, self.keptBytes) = (dimension, scalar, keptBytes)
  }

  /// Rows of a full block.
  public var blockRows: Int { Block.capacity(dimension: dimension, scalar: scalar) }
  /// Bytes of its features.
  public var blockBytes: Int { blockRows * dimension * scalar.byteCount }
  /// Bytes of the features of all blocks at once, of what is read ahead of them, and of what the input keeps.
  public var bytesAtOnce: Int {
    let (bytes, overflow) = keptBytes.addingReportingOverflow(blocksAtOnce * blockBytes + EmbeddingReader.memoryAhead)
    // No memory is that large, and sums with others stay in range.
    return overflow ? .max / 4 : min(bytes, .max / 4)
  }
}
