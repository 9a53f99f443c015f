import Samples

/// Σ w wᵀ over all rows of an output head, taken some rows at a time, so that the head is never held.
///
/// - Complexity: O(V·d²) time, O(d²) memory.
package struct HeadGram {
  private var sum: Matrix?
  private var first = 0
  private let threads: Int
  /// The first row that has NaN or infinity, or is too long to be squared twice, if there is one.
  package private(set) var badRow: Int?

  package init(threads: Int) { self.threads = threads }

  package mutating func add(_ rows: Matrix) throws {
    defer { first += rows.rows }
    guard badRow == nil else { return }
    if let bad = rows.rowNorms.firstIndex(where: { !($0 < 1e75) }) {
      badRow = first + bad
      return
    }
    let gram = try MatrixProducts.gram(rows, threads: threads)
    if sum == nil { sum = gram } else { sum?.add(gram) }
  }

  /// [d × d]; nil without rows, or if a row is bad.
  package var matrix: Matrix? { badRow == nil ? sum : nil }

  /// Bytes of the sum and of the products of some rows.
  package static func bytes(dimension: Int) -> Int { 2 * dimension * dimension * MemoryLayout<Double>.size }
}
