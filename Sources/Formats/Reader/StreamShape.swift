import Samples

/// The shape of a stream's rows, known before any of them is read.
package struct StreamShape: Sendable, Equatable {
  /// Features per row.
  package let dimension: Int
  /// Their storage type in the first batch.
  package let scalar: ScalarType
  /// Maximum number of blocks in memory at once: one with the consumer, one being read, and those that stages in
  /// between are filling.
  package var blocksAtOnce = 2
  /// Maximum number of rows in the stream, and so of classes; nil if unknown.
  package var maximumRows: Int?

  /// Bytes of memory that its first input takes in addition to blocks and ``EmbeddingReader/memoryAhead``, for example
  /// for large HDF5 chunks.
  package let keptBytes: Int
  /// Bytes of memory that large windows of Zstandard frames take, also in addition.
  package var windowBytes = 0

  package init(dimension: Int, scalar: ScalarType, keptBytes: Int = 0) {
    (self.dimension, self.scalar, self.keptBytes) = (dimension, scalar, keptBytes)
  }

  /// Rows of a full block.
  package var blockRows: Int { Block.capacity(dimension: dimension, scalar: scalar) }
  /// Bytes of the features in a full block.
  package var blockBytes: Int { blockRows * dimension * scalar.byteCount }
  /// Bytes of the features in all blocks at once, plus the read-ahead and what the input keeps.
  package var bytesAtOnce: Int {
    let (bytes, overflow) = keptBytes.addingReportingOverflow(
      windowBytes + blocksAtOnce * blockBytes + EmbeddingReader.memoryAhead)
    // No machine has that much memory, and sums with other sizes stay in range.
    return overflow ? .max / 4 : min(bytes, .max / 4)
  }
}
