/// Storage for rows that do not fit in memory: bytes by offset, as in a file.
///
/// Any number of threads may call it at once, as long as no two touch the same bytes.
package protocol RowSpill: Sendable {
  func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws

  /// Fills `bytes` with what was written at `offset`.
  func read(at offset: Int, into bytes: UnsafeMutableRawBufferPointer) throws

  /// Announces bytes that will be read soon.
  func announce(at offset: Int, count: Int)
}

/// How many class means may be in memory, and where the others are spilled.
package struct ResidentLimit: Sendable {
  /// The most means in memory.
  package var rows: Int
  /// Creates the storage for the others, once there are more.
  package var spill: @Sendable () throws -> any RowSpill

  package init(rows: Int, spill: @escaping @Sendable () throws -> any RowSpill) {
    (self.rows, self.spill) = (rows, spill)
  }
}
