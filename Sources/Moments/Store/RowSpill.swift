/// Where rows are set aside that find no room in memory: bytes by their offset, as in a file.
///
/// Any number of threads may call it at once, as long as no two touch the same bytes.
package protocol RowSpill: Sendable {
  func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws

  /// Fills `bytes` with what was written at `offset`.
  func read(at offset: Int, into bytes: UnsafeMutableRawBufferPointer) throws

  /// Says that bytes will be read soon.
  func announce(at offset: Int, count: Int)
}

/// How many class means may be in memory, and where the others are set aside.
public struct ResidentLimit: Sendable {
  /// Means in memory at most.
  package var rows: Int
  /// Makes the place for the others, when first there are more.
  package var spill: @Sendable () throws -> any RowSpill

  package init(rows: Int, spill: @escaping @Sendable () throws -> any RowSpill) {
    (self.rows, self.spill) = (rows, spill)
  }
}
