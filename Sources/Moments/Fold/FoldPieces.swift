import CollapseKernels
import Samples
import Synchronization

/// Records whether every Σ‖h − μ‖² of a window is finite. A NaN or infinite feature makes it nonfinite, so the features
/// need no separate check.
final class Finiteness: Sendable {
  let isLost = Atomic<Bool>(false)
}

/// The data that the pieces of one window's fold work on; see ``FoldUnits``.
struct FoldPieces {
  let dimension: Int
  let classes: ClassRows
  let groups: RowGroups
  let scalar: ScalarType
  /// Where the rows of each group start, group after group.
  let starts: UnsafeBufferPointer<UnsafeRawPointer>
  /// D of each part of a large group, [parts × d].
  let sums: UnsafeMutableBufferPointer<Double>
  /// Q of each feature of each part, [parts × d], if diagonals are kept.
  let featureSquares: UnsafeMutableBufferPointer<Double>
  /// Q of each part.
  let squares: UnsafeMutableBufferPointer<Double>
  /// Set when a sum of squares is not finite.
  let finiteness: Finiteness
  /// n and M2 by slot.
  let counts: UnsafeMutableBufferPointer<Int>
  let m2: UnsafeMutableBufferPointer<Double>

  private func rows(_ range: Range<Int>) -> GroupRows {
    GroupRows(starts: UnsafeBufferPointer(rebasing: starts[range]), scalar: scalar, dimension: dimension)
  }

  /// The rows of a group in a run. Prefetches the next group's rows and its class's moments while these are folded,
  /// because rare classes lie in main memory.
  private func rows(of group: Int, in run: Range<Int>) -> GroupRows {
    var rows = rows(groups.rows(of: group))
    guard group + 1 < run.upperBound else { return rows }
    let slot = groups.slots[group + 1]
    let place = classes[slot]
    rows.next = collapse_next(
      rows: groups.rows(of: group + 1).count, centre: place.centre, low_part: place.lowPart, diagonal: place.diagonal)
    collapse_prefetch(counts.baseAddress.map { $0 + slot })
    collapse_prefetch(m2.baseAddress.map { $0 + slot })
    return rows
  }

  /// Room for the sums of a group or a part: D, and Q of each feature if diagonals are kept.
  private struct Sums {
    let sum: UnsafeMutablePointer<Double>
    let squares: UnsafeMutablePointer<Double>?
  }

  private func sums(of part: Int) -> Sums? {
    sums.baseAddress.map {
      Sums(
        sum: $0 + part * dimension,
        squares: classes.diagonals == nil ? nil : featureSquares.baseAddress.map { $0 + part * dimension })
    }
  }

  private func withSums(_ body: (Sums) -> Void) {
    let rows = classes.diagonals == nil ? 1 : 2
    withUnsafeTemporaryAllocation(of: Double.self, capacity: rows * dimension) { room in
      guard let start = room.baseAddress else { return }
      body(Sums(sum: start, squares: rows > 1 ? start + dimension : nil))
    }
  }

  /// A class's rows. If the class is new, its mean is initialized to its first row; a single sample leaves the diagonal
  /// at zero, untouched.
  private func place(_ slot: Int, _ rows: GroupRows) -> ClassRow {
    let place = classes[slot]
    guard counts[slot] == 0 else { return place }
    rows.copyFirst(to: place.centre)
    return rows.count > 1 ? place : ClassRow(centre: place.centre, lowPart: place.lowPart, diagonal: nil)
  }

  /// M2 ← M2 + Q − ‖D‖²/n for a class that now has n samples.
  private func add(_ squares: Double, _ squaredSum: Double, to slot: Int) {
    if !squares.isFinite { finiteness.isLost.store(true, ordering: .relaxed) }
    m2[slot] = max(m2[slot] + squares - squaredSum / Double(counts[slot]), 0)
  }

  /// The Welford step of a class that now has all samples of a group, with the group's D and Q.
  private func step(_ slot: Int, _ place: ClassRow, _ sums: Sums, squares: Double) {
    let total = Double(counts[slot])
    if let diagonal = place.diagonal, let squares = sums.squares {
      collapse_diagonal_step(diagonal, squares, sums.sum, dimension, total)
    }
    add(squares, collapse_welford_step(place.centre, place.lowPart, sums.sum, dimension, total), to: slot)
  }

  /// The blocked Welford step for each class of a run.
  func fold(_ run: Range<Int>) {
    withSums { sums in
      for group in run {
        let rows = rows(of: group, in: run)
        let slot = groups.slots[group]
        let place = place(slot, rows)
        counts[slot] += rows.count
        if rows.count <= GroupRows.few {
          let found = rows.foldFew(
            into: place.centre, place.lowPart, diagonal: place.diagonal, total: Double(counts[slot]))
          add(found.squares, found.squared_sum, to: slot)
        } else {
          let squares = rows.fold(about: place.centre, place.lowPart, sum: sums.sum, squares: sums.squares)
          step(slot, place, sums, squares: squares)
        }
      }
    }
  }

  /// The blocked Welford step for each class of a run. Also writes the rows for the scatter to `target`.
  ///
  /// - Parameter base: the row of the window whose residuals come first in `target`.
  func fold(_ run: Range<Int>, residualsInto target: UnsafeMutablePointer<Double>, from base: Int) {
    withSums { sums in
      for group in run {
        let range = groups.rows(of: group)
        let rows = rows(of: group, in: run)
        let slot = groups.slots[group]
        let place = place(slot, rows)
        let earlier = counts[slot]
        counts[slot] += rows.count
        let squares = rows.fold(about: place.centre, place.lowPart, sum: sums.sum, squares: sums.squares)
        rows.residuals(
          about: place.centre, place.lowPart, less: Self.share(of: rows.count, after: earlier), of: sums.sum,
          into: target + (range.lowerBound - base) * dimension)
        step(slot, place, sums, squares: squares)
      }
    }
  }

  /// α = (1 − √(n/(n + k)))/k; see ``WindowFold``.
  private static func share(of count: Int, after earlier: Int) -> Double {
    (1 - (Double(earlier) / Double(earlier + count)).squareRoot()) / Double(count)
  }

  /// Initializes the class of a large group, whose parts are all folded about the same mean.
  func start(_ group: Int) {
    _ = place(groups.slots[group], rows(groups.rows(of: group)))
  }

  /// Computes D and Q of a part of a large group.
  func fold(_ part: FoldUnits.Part, number: Int) {
    guard let sums = sums(of: number) else { return }
    let place = classes[groups.slots[part.group]]
    squares[number] = rows(part.rows).fold(about: place.centre, place.lowPart, sum: sums.sum, squares: sums.squares)
  }

  /// Adds D and Q of a large group's other parts, in order, to those of its first part.
  func add(_ parts: Range<Int>) {
    guard let first = sums(of: parts.lowerBound) else { return }
    for part in parts.dropFirst() {
      guard let sums = sums(of: part) else { return }
      for feature in 0..<dimension { first.sum[feature] += sums.sum[feature] }
      if let total = first.squares, let more = sums.squares {
        for feature in 0..<dimension { total[feature] += more[feature] }
      }
      squares[parts.lowerBound] += squares[part]
    }
  }

  /// Writes the rows for the scatter of one part of a large group, whose total D and Q are in its first part.
  func residuals(
    of part: FoldUnits.Part, first: Int, into target: UnsafeMutablePointer<Double>, from base: Int
  ) {
    guard let sums = sums(of: first) else { return }
    let slot = groups.slots[part.group]
    let place = classes[slot]
    rows(part.rows).residuals(
      about: place.centre, place.lowPart, less: Self.share(of: groups.rows(of: part.group).count, after: counts[slot]),
      of: sums.sum, into: target + (part.rows.lowerBound - base) * dimension)
  }

  /// The Welford step of a large group, whose total D and Q are in its first part.
  func step(_ group: Int, first: Int) {
    guard let sums = sums(of: first) else { return }
    let slot = groups.slots[group]
    counts[slot] += groups.rows(of: group).count
    step(slot, classes[slot], sums, squares: squares[first])
  }
}
