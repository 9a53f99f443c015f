import Samples
import Support

/// The moments of a range of classes, from one state or several merged ones.
///
/// Rows lie in order of arrival of their classes. Memory is allocated once, and only the part in use is touched.
package final class RangeMoments {
  private let dimension: Int
  /// The row of each class, by position in the range; negative if it has none.
  package private(set) var rowOfClass: [Int32] = []
  package private(set) var rows = 0
  private(set) var keepsLowParts = false
  private var counts: [Int] = []
  private var m2: [Double] = []
  /// Room for each class's mean; ``lowParts`` has room for its low part, and ``diagonals`` for M2 of each feature.
  package let means: UnsafeMutablePointer<Double>
  package let lowParts: UnsafeMutablePointer<Double>
  package let diagonals: UnsafeMutablePointer<Double>
  private let moments: SecondMoments

  /// - Parameters:
  ///   - capacity: the most classes in a range.
  ///   - keepsLowParts: whether any means are two doubles.
  ///   - moments: the second moments of every state.
  ///
  /// Throws `OutOfMemory`.
  package init(capacity: Int, dimension: Int, keepsLowParts: Bool, moments: SecondMoments = .trace) throws {
    try MappedMemory.check(
      capacity * dimension * moments.rowsPerClass(keepsLowParts: keepsLowParts), of: Double.self,
      for: "a range of \(capacity) class means")
    (self.dimension, self.moments) = (dimension, moments)
    means = .allocate(capacity: capacity * dimension)
    lowParts = .allocate(capacity: keepsLowParts ? capacity * dimension : 0)
    diagonals = .allocate(capacity: moments == .diagonal ? capacity * dimension : 0)
  }

  deinit {
    means.deallocate()
    lowParts.deallocate()
    diagonals.deallocate()
  }

  package var meanElements: UnsafeBufferPointer<Double> { UnsafeBufferPointer(start: means, count: rows * dimension) }
  package var lowPartElements: UnsafeBufferPointer<Double> {
    UnsafeBufferPointer(start: lowParts, count: rows * dimension)
  }

  /// M2 of each feature of each class; nil if not kept.
  package var diagonalElements: UnsafeBufferPointer<Double>? {
    moments == .diagonal ? UnsafeBufferPointer(start: diagonals, count: rows * dimension) : nil
  }

  /// Replaces the contents: gives each of `tokens`, in ascending order, the next row. Returns false if one of them is
  /// not in the range.
  package func place(_ tokens: [Int32], in range: ArraySlice<Int32>, carryingMeans: Bool) -> Bool {
    keepsLowParts = carryingMeans
    rowOfClass.removeAll(keepingCapacity: true)
    var next = 0
    for token in range {
      let isHere = next < tokens.count && tokens[next] == token
      rowOfClass.append(isHere ? Int32(next) : -1)
      if isHere { next += 1 }
    }
    rows = next
    return next == tokens.count
  }

  /// Sets the counts and second moments of all rows.
  package func set(counts: [Int], m2: [Double]) { (self.counts, self.m2) = (counts, m2) }

  /// Merges the classes at `places` from the same range of another state, by ``ChanStep``.
  ///
  /// Each class is merged by one worker, so any number of workers gives the same bits.
  ///
  /// - Parameter deltas: receives the rows δ·√(n_a·n_b/n), in order of classes; nil if not needed.
  /// - Returns: the number of rows written to `deltas`; 0 if that is nil.
  package func merge(
    _ other: RangeMoments, _ places: Range<Int>, deltas: UnsafeMutablePointer<Double>?, workers: WorkerThreads
  ) -> Int {
    if other.keepsLowParts, !keepsLowParts {
      lowParts.update(repeating: 0, count: rows * dimension)
      keepsLowParts = true
    }
    var (pairs, copies): ([Pair], [Pair]) = ([], [])
    for place in places where other.rowOfClass[place] >= 0 {
      let theirs = Int(other.rowOfClass[place])
      if rowOfClass[place] >= 0 {
        pairs.append(Pair(own: Int(rowOfClass[place]), other: theirs))
      } else {
        copies.append(Pair(own: rows, other: theirs))
        rowOfClass[place] = Int32(rows)
        rows += 1
        counts.append(other.counts[theirs])
        m2.append(other.m2[theirs])
      }
    }
    copy(copies, of: other, workers)
    merge(pairs, of: other, deltas, workers)
    for pair in pairs { counts[pair.own] += other.counts[pair.other] }
    return deltas == nil ? 0 : pairs.count
  }

  /// The rows of one class, here and in the other range.
  private struct Pair {
    let own: Int
    let other: Int
  }

  private func copy(_ copies: [Pair], of other: RangeMoments, _ workers: WorkerThreads) {
    // Each piece writes its own rows, and rows of the other range are only read.
    nonisolated(unsafe) let (own, other) = (self, other)
    let dimension = dimension
    run(copies, workers) { _, pair in
      (own.means + pair.own * dimension).update(from: other.means + pair.other * dimension, count: dimension)
      if own.moments == .diagonal {
        (own.diagonals + pair.own * dimension).update(from: other.diagonals + pair.other * dimension, count: dimension)
      }
      guard own.keepsLowParts else { return }
      let lowPart = own.lowParts + pair.own * dimension
      if other.keepsLowParts {
        lowPart.update(from: other.lowParts + pair.other * dimension, count: dimension)
      } else {
        lowPart.update(repeating: 0, count: dimension)
      }
    }
  }

  private func merge(
    _ pairs: [Pair], of other: RangeMoments, _ deltas: UnsafeMutablePointer<Double>?, _ workers: WorkerThreads
  ) {
    let (counts, dimension) = (counts, dimension)
    m2.withUnsafeMutableBufferPointer { m2 in
      // Each piece writes its own rows, and rows of the other range are only read.
      nonisolated(unsafe) let (own, other, m2, deltas) = (self, other, m2, deltas)
      run(pairs, workers) { index, pair in
        own.withDelta(deltas.map { $0 + index * dimension }) { delta in
          m2[pair.own] = ChanStep.merge(
            ChanStep.Mean(
              centre: own.means + pair.own * dimension,
              lowPart: own.keepsLowParts ? own.lowParts + pair.own * dimension : nil),
            count: Double(counts[pair.own]), m2: m2[pair.own],
            ChanStep.Mean(
              centre: UnsafePointer(other.means + pair.other * dimension),
              lowPart: other.keepsLowParts ? UnsafePointer(other.lowParts + pair.other * dimension) : nil),
            count: Double(other.counts[pair.other]), m2: other.m2[pair.other], dimension: dimension, delta: delta)
          if own.moments == .diagonal {
            ChanStep.merge(
              diagonal: own.diagonals + pair.own * dimension, other.diagonals + pair.other * dimension, delta: delta,
              dimension: dimension)
          }
        }
      }
    }
  }

  private func withDelta(_ given: UnsafeMutablePointer<Double>?, _ body: (UnsafeMutablePointer<Double>) -> Void) {
    if let given { return body(given) }
    withUnsafeTemporaryAllocation(of: Double.self, capacity: dimension) { room in
      // Never empty: a mean has features.
      if let start = room.baseAddress { body(start) }
    }
  }

  private func run(_ pairs: [Pair], _ workers: WorkerThreads, _ body: @Sendable (Int, Pair) -> Void) {
    let atOnce = max((1 << 15) / max(dimension, 1), 1)
    workers.run((pairs.count + atOnce - 1) / atOnce) { piece in
      for index in piece * atOnce..<min((piece + 1) * atOnce, pairs.count) { body(index, pairs[index]) }
    }
  }

  /// The classes at some positions of a range, by ascending token id. All of them must have rows.
  package func classes(_ places: Range<Int>, of range: ArraySlice<Int32>) throws -> MomentsTable {
    let chosen = places.map { Int(rowOfClass[$0]) }
    return MomentsTable(
      tokens: places.map { range[range.startIndex + $0] }, counts: chosen.map { counts[$0] },
      means: try gather(chosen, means), lowPart: keepsLowParts ? try gather(chosen, lowParts) : nil,
      m2: chosen.map { m2[$0] }, diagonal: moments == .diagonal ? try gather(chosen, diagonals) : nil)
  }

  private func gather(_ chosen: [Int], _ rows: UnsafeMutablePointer<Double>) throws -> Matrix {
    try Matrix(rows: chosen.count, columns: dimension) { elements in
      guard let start = elements.baseAddress else { return }
      for (index, row) in chosen.enumerated() {
        (start + index * dimension).update(from: rows + row * dimension, count: dimension)
      }
    }
  }
}
