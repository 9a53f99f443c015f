/// Where the rows of a ``RowStore`` are that are in memory, for loops over many of them: as it was when it was made, and until
/// the store grows or brings others.
struct RowPlaces {
  fileprivate let pages: UnsafePointer<UnsafeMutablePointer<Double>>
  /// The frame of each slot; nil where it is the slot's own number.
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
  /// Calls `body` with where the rows are; nil where there is none.
  borrowing func withPlaces<Result>(_ body: (RowPlaces?) -> Result) -> Result {
    pages.withUnsafeBufferPointer { pages in
      frames.withUnsafeBufferPointer { frames in
        guard let start = pages.baseAddress, !pages.isEmpty else { return body(nil) }
        return body(
          RowPlaces(
            pages: start, frames: frames.isEmpty ? nil : frames.baseAddress, pageBits: pageBits, dimension: dimension))
      }
    }
  }
}
