/// Addresses of the rows of a ``RowStore`` that are in memory, for loops over many rows. Valid until the store grows or
/// brings in other rows.
struct ResidentRows {
  fileprivate let pages: UnsafePointer<UnsafeMutablePointer<Double>>
  /// The frame of each slot; nil if frame and slot numbers are the same.
  fileprivate let frames: UnsafePointer<Int32>?
  fileprivate let pageBits: Int
  fileprivate let dimension: Int

  /// - Precondition: the row is in memory.
  subscript(slot: Int) -> UnsafeMutablePointer<Double> {
    let frame = frames.map { Int($0[slot]) } ?? slot
    return pages[frame >> pageBits] + (frame & (1 << pageBits - 1)) * dimension
  }
}

extension RowStore {
  /// Calls `body` with the addresses of the rows, or nil if there are no rows.
  borrowing func withPlaces<Result>(_ body: (ResidentRows?) -> Result) -> Result {
    pages.withUnsafeBufferPointer { pages in
      frames.withUnsafeBufferPointer { frames in
        guard let start = pages.baseAddress, !pages.isEmpty else { return body(nil) }
        return body(
          ResidentRows(
            pages: start, frames: frames.isEmpty ? nil : frames.baseAddress, pageBits: pageBits, dimension: dimension))
      }
    }
  }
}
