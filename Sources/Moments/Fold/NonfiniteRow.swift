/// The error for a row of a block with a NaN or infinite feature.
public struct NonfiniteRow: Error, Equatable {
  /// The first such row, counted within its block.
  public let row: Int

  public init(row: Int) { self.row = row }
}
