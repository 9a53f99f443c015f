import Synchronization
import TestSupport

@testable import Moments

/// A window of rows, and the moments of its classes before and after pieces of a fold.
struct FoldWindow {
  static let dimension = 5

  let labels: [Int32]
  let rows: [[Double]]
  var counts: [Int]
  var m2: [Double]
  /// For each class, by slot.
  var means: [[Double]]
  /// M2 of each feature; nil if not kept.
  var diagonals: [[Double]]?
  var isLost = false
  /// [rows × dimension].
  var residuals: [Double] = []

  /// Calls `body` with the pieces, with room for that number of parts, and keeps the moments they make.
  mutating func with(parts: Int, _ body: (FoldPieces, UnsafeMutablePointer<Double>) -> Void) {
    let dimension = Self.dimension
    var groups = RowGroups()
    var slots = TokenSlots()
    labels.withUnsafeBufferPointer { groups.assign($0, to: &slots) }
    var store = RowStore(dimension: dimension)
    try! store.grow(to: means.count)
    for (slot, mean) in means.enumerated() { store[slot].update(from: mean, count: dimension) }
    var kept = RowStore(dimension: dimension)
    try! kept.grow(to: diagonals?.count ?? 0)
    for (slot, diagonal) in (diagonals ?? []).enumerated() { kept[slot].update(from: diagonal, count: dimension) }
    var featureSquares = [Double](repeating: .nan, count: parts * dimension)
    let block = block(labels, rows, .float64)
    let starts = groups.rows.map { block.rowStarts[Int($0)] }
    var sums = [Double](repeating: .nan, count: parts * dimension)
    var squares = [Double](repeating: .nan, count: parts)
    residuals = [Double](repeating: .nan, count: rows.count * dimension)
    let finiteness = Finiteness()
    withExtendedLifetime(block) {
      starts.withUnsafeBufferPointer { starts in
        sums.withUnsafeMutableBufferPointer { sums in
          squares.withUnsafeMutableBufferPointer { squares in
            counts.withUnsafeMutableBufferPointer { counts in
              m2.withUnsafeMutableBufferPointer { m2 in
                residuals.withUnsafeMutableBufferPointer { residuals in
                  featureSquares.withUnsafeMutableBufferPointer { featureSquares in
                    store.withPlaces { places in
                      kept.withPlaces { diagonals in
                        guard let places, let residuals = residuals.baseAddress else { return }
                        body(
                          FoldPieces(
                            dimension: dimension,
                            classes: ClassRows(centres: places, lowParts: nil, diagonals: diagonals), groups: groups,
                            scalar: .float64, starts: starts, sums: sums, featureSquares: featureSquares,
                            squares: squares, finiteness: finiteness, counts: counts, m2: m2),
                          residuals)
                      }
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
    for slot in means.indices { means[slot] = (0..<dimension).map { store[slot][$0] } }
    for slot in (diagonals ?? []).indices { diagonals?[slot] = (0..<dimension).map { kept[slot][$0] } }
    isLost = finiteness.isLost.load(ordering: .relaxed)
  }

  /// Count, mean and M2 of a class with all of its rows, in two passes, and M2 of each feature.
  func truth(_ slot: Int, _ label: Int32) -> (count: Int, mean: [Double], m2: Double, diagonal: [Double]) {
    let rows = zip(labels, self.rows).filter { $0.0 == label }.map(\.1)
    let earlier = counts[slot]
    let total = earlier + rows.count
    let mean = (0..<Self.dimension).map { feature in
      ((earlier > 0 ? means[slot][feature] * Double(earlier) : 0) + rows.reduce(0) { $0 + $1[feature] })
        / Double(total)
    }
    let growth = (0..<Self.dimension).map { feature in
      let move = earlier > 0 ? means[slot][feature] - mean[feature] : 0
      return rows.reduce(Double(earlier) * move * move) {
        $0 + ($1[feature] - mean[feature]) * ($1[feature] - mean[feature])
      }
    }
    let diagonal = zip(diagonals?[slot] ?? growth.map { _ in 0 }, growth).map { $0 + $1 }
    return (total, mean, m2[slot] + growth.reduce(0, +), diagonal)
  }
}
