import Embeddings

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

  public init(dimension: Int, scalar: ScalarType) {
    self.dimension = dimension
    self.scalar = scalar
  }

  /// Rows of a full block.
  public var blockRows: Int { Block.capacity(dimension: dimension, scalar: scalar) }
  /// Bytes of its features.
  public var blockBytes: Int { blockRows * dimension * scalar.byteCount }
  /// Bytes of the features of all blocks at once.
  public var bytesAtOnce: Int { blocksAtOnce * blockBytes }
}
