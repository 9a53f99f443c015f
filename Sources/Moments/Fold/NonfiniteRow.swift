/// The error that a row of a block holds a NaN or an infinite feature.
public struct NonfiniteRow: Error, Equatable {
  /// The first such row's number within its block.
  public let row: Int

  public init(row: Int) { self.row = row }
}
