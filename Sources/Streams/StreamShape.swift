import Embeddings

/// What the rows of a stream look like, known before any of them is read.
public struct StreamShape: Sendable, Equatable {
  /// Features of a row.
  public let dimension: Int
  /// Their storage type in the first batch.
  public let scalar: ScalarType

  public init(dimension: Int, scalar: ScalarType) {
    self.dimension = dimension
    self.scalar = scalar
  }

  /// Rows of a full block.
  public var blockRows: Int { Block.capacity(dimension: dimension, scalar: scalar) }
  /// Bytes of its features.
  public var blockBytes: Int { blockRows * dimension * scalar.byteCount }
}
