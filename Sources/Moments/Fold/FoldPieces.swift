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
  /// Centres of the classes' means, and their low parts if they have any.
  let centres: ResidentRows
  let lowParts: ResidentRows?
  let groups: RowGroups
  let scalar: ScalarType
  /// Where the rows of each group start, group after group.
  let starts: UnsafeBufferPointer<UnsafeRawPointer>
  /// D of each part of a large group, [parts × d].
  let sums: UnsafeMutableBufferPointer<Double>
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
    let (centre, lowPart) = mean(slot)
    rows.next = collapse_next(rows: groups.rows(of: group + 1).count, centre: centre, low_part: lowPart)
    collapse_prefetch(counts.baseAddress.map { $0 + slot })
    collapse_prefetch(m2.baseAddress.map { $0 + slot })
    return rows
  }

  private func sum(of part: Int) -> UnsafeMutablePointer<Double>? { sums.baseAddress.map { $0 + part * dimension } }

  private func mean(_ slot: Int) -> (centre: UnsafeMutablePointer<Double>, lowPart: UnsafeMutablePointer<Double>?) {
    (centres[slot], lowParts?[slot])
  }

  /// A class's mean, initialized to its first row if the class is new.
  private func mean(
    _ slot: Int, _ rows: GroupRows
  ) -> (centre: UnsafeMutablePointer<Double>, lowPart: UnsafeMutablePointer<Double>?) {
    let mean = mean(slot)
    if counts[slot] == 0 { rows.copyFirst(to: mean.centre) }
    return mean
  }

  /// M2 ← M2 + Q − ‖D‖²/n for a class that now has n samples.
  private func add(_ squares: Double, _ squaredSum: Double, to slot: Int) {
    if !squares.isFinite { finiteness.isLost.store(true, ordering: .relaxed) }
    m2[slot] = max(m2[slot] + squares - squaredSum / Double(counts[slot]), 0)
  }

  /// The blocked Welford step for each class of a run.
  func fold(_ run: Range<Int>) {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: dimension) { sum in
      guard let sum = sum.baseAddress else { return }
      for group in run {
        let rows = rows(of: group, in: run)
        let slot = groups.slots[group]
        let (centre, lowPart) = mean(slot, rows)
        counts[slot] += rows.count
        let total = Double(counts[slot])
        if rows.count <= GroupRows.few {
          let found = rows.foldFew(into: centre, lowPart, total: total)
          add(found.squares, found.squared_sum, to: slot)
        } else {
          let squares = rows.fold(about: centre, lowPart, sum: sum)
          add(squares, collapse_welford_step(centre, lowPart, sum, dimension, total), to: slot)
        }
      }
    }
  }

  /// The blocked Welford step for each class of a run. Also writes the rows for the scatter to `target`.
  ///
  /// - Parameter base: the row of the window whose residuals come first in `target`.
  func fold(_ run: Range<Int>, residualsInto target: UnsafeMutablePointer<Double>, from base: Int) {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: dimension) { sum in
      guard let sum = sum.baseAddress else { return }
      for group in run {
        let range = groups.rows(of: group)
        let rows = rows(of: group, in: run)
        let slot = groups.slots[group]
        let (centre, lowPart) = mean(slot, rows)
        let earlier = counts[slot]
        counts[slot] += rows.count
        let squares = rows.fold(about: centre, lowPart, sum: sum)
        rows.residuals(
          about: centre, lowPart, less: Self.share(of: rows.count, after: earlier), of: sum,
          into: target + (range.lowerBound - base) * dimension)
        add(squares, collapse_welford_step(centre, lowPart, sum, dimension, Double(counts[slot])), to: slot)
      }
    }
  }

  /// α = (1 − √(n/(n + k)))/k; see ``WindowFold``.
  private static func share(of count: Int, after earlier: Int) -> Double {
    (1 - (Double(earlier) / Double(earlier + count)).squareRoot()) / Double(count)
  }

  /// Initializes the class of a large group, whose parts are all folded about the same mean.
  func start(_ group: Int) {
    _ = mean(groups.slots[group], rows(groups.rows(of: group)))
  }

  /// Computes D and Q of a part of a large group.
  func fold(_ part: FoldUnits.Part, number: Int) {
    guard let sum = sum(of: number) else { return }
    let (centre, lowPart) = mean(groups.slots[part.group])
    squares[number] = rows(part.rows).fold(about: centre, lowPart, sum: sum)
  }

  /// Adds D and Q of a large group's other parts, in order, to those of its first part.
  func add(_ parts: Range<Int>) {
    guard let first = sum(of: parts.lowerBound) else { return }
    for part in parts.dropFirst() {
      guard let sum = sum(of: part) else { return }
      for feature in 0..<dimension { first[feature] += sum[feature] }
      squares[parts.lowerBound] += squares[part]
    }
  }

  /// Writes the rows for the scatter of one part of a large group, whose total D and Q are in its first part.
  func residuals(
    of part: FoldUnits.Part, first: Int, into target: UnsafeMutablePointer<Double>, from base: Int
  ) {
    guard let sum = sum(of: first) else { return }
    let slot = groups.slots[part.group]
    let (centre, lowPart) = mean(slot)
    rows(part.rows).residuals(
      about: centre, lowPart, less: Self.share(of: groups.rows(of: part.group).count, after: counts[slot]), of: sum,
      into: target + (part.rows.lowerBound - base) * dimension)
  }

  /// The Welford step of a large group, whose total D and Q are in its first part.
  func step(_ group: Int, first: Int) {
    guard let sum = sum(of: first) else { return }
    let slot = groups.slots[group]
    let (centre, lowPart) = mean(slot)
    counts[slot] += groups.rows(of: group).count
    add(squares[first], collapse_welford_step(centre, lowPart, sum, dimension, Double(counts[slot])), to: slot)
  }
}
