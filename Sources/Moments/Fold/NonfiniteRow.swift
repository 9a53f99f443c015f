/// The error for a row of a block with a NaN or infinite feature.
package struct NonfiniteRow: Error, Equatable {
  /// The first such row, counted within its block.
  package let row: Int

  package init(row: Int) { self.row = row }
}
