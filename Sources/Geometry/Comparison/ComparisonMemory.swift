/// The most memory that comparing two states takes, in bytes.
package struct ComparisonMemory: Sendable, Equatable {
  /// Of AᵀB, and of its singular values.
  package let matrices: Int
  /// Of tiles that wait to be merged, and of products inside the library.
  package let tiles: Int

  /// Bytes that a thread's matrix products take inside the library.
  private static let productBytes = 24 << 20

  package init(dimensions: (a: Int, b: Int), threads: Int) {
    let number = MemoryLayout<Double>.size
    matrices =
      dimensions.a * dimensions.b * number + SingularValues.bytes(rows: dimensions.a, columns: dimensions.b)
    let side = UpperTriangleTiles.standard
    let most = max(dimensions.a, dimensions.b)
    let blocks = (most + side - 1) / side
    tiles =
      min(OrderedTasks.wave, blocks * blocks) * min(side, most) * min(side, most) * number
      + threads * Self.productBytes
  }

  /// Bytes of a class mean of one state, as accumulated and centred.
  package static func vectors(dimension: Int, keepsLowParts: Bool) -> Int {
    dimension * MemoryLayout<Double>.size * (keepsLowParts ? 3 : 2)
  }
}
