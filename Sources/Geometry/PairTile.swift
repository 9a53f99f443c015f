import Embeddings

/// The pairs a < b of a tile of the Gram matrix, row by row.
struct PairTile: Sendable {
  let rows: Range<Int>
  let columns: Range<Int>
  let pairs: [Pair]

  /// - Complexity: O(rows·columns·d) time, one tile of memory.
  init(_ means: CentredMeans, rows: Range<Int>, columns: Range<Int>) {
    self.rows = rows
    self.columns = columns
    let inner = Products.ofRows(means.centred, rows, means.centred, columns)
    pairs = Array(unsafeUninitializedCapacity: inner.count) { pairs, count in
      Self.visit(rows, columns) { a, b in
        let product = inner[(a - rows.lowerBound) * columns.count + b - columns.lowerBound]
        pairs.initializeElement(at: count, to: means.pair(a, b, inner: product))
        count += 1
      }
    }
  }

  /// Every pair with its two classes.
  func visit(_ body: (_ a: Int, _ b: Int, Pair) -> Void) {
    var index = 0
    Self.visit(rows, columns) { a, b in
      body(a, b, pairs[index])
      index += 1
    }
  }

  private static func visit(_ rows: Range<Int>, _ columns: Range<Int>, _ body: (_ a: Int, _ b: Int) -> Void) {
    for a in rows {
      let first = max(columns.lowerBound, a + 1)
      guard first < columns.upperBound else { continue }
      for b in first..<columns.upperBound { body(a, b) }
    }
  }
}
