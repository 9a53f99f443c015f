/// Rows of d doubles that never move: one mean per slot, in pages, so that growing copies nothing.
struct RowStore: ~Copyable {
  let dimension: Int
  private let rowsPerPage: Int
  private var pages: [UnsafeMutablePointer<Double>] = []

  init(dimension: Int) {
    self.dimension = dimension
    rowsPerPage = max(1, (1 << 17) / max(dimension, 1))
  }

  deinit {
    for page in pages { page.deallocate() }
  }

  /// Bytes allocated.
  var byteCount: Int { pages.count * rowsPerPage * dimension * MemoryLayout<Double>.size }

  /// Makes room for rows 0 ..< `count`; new rows are zero.
  mutating func grow(to count: Int) {
    while pages.count * rowsPerPage < count {
      let page = UnsafeMutablePointer<Double>.allocate(capacity: rowsPerPage * dimension)
      page.initialize(repeating: 0, count: rowsPerPage * dimension)
      pages.append(page)
    }
  }

  /// The row of a slot.
  ///
  /// - Precondition: there is room for it.
  subscript(slot: Int) -> UnsafeMutablePointer<Double> {
    pages[slot / rowsPerPage] + slot % rowsPerPage * dimension
  }
}
