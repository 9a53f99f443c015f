extension Block {
  /// Some rows of this block, in order, as a block of their own, without predictions and origins. The features stay in
  /// this block's memory.
  ///
  /// - Parameters:
  ///   - ranges: ascending ranges of rows that do not overlap.
  ///   - pool: lends the labels' memory. It should serve nothing else.
  /// - Throws: `OutOfMemory`.
  public func rows(_ ranges: [Range<Int>], pool: BlockPool) throws -> Block {
    let first = firstRow + (ranges.first?.lowerBound ?? 0)
    let chosen = try Block(
      dimension: dimension, scalar: scalar, firstRow: first, pool: pool, holdsFeatures: false)
    for range in ranges {
      (chosen.storage.labels + chosen.rows).update(from: storage.labels + range.lowerBound, count: range.count)
      (chosen.storage.starts + chosen.rows).update(from: storage.starts + range.lowerBound, count: range.count)
      chosen.rows += range.count
    }
    chosen.owners = [self]
    return chosen
  }
}
