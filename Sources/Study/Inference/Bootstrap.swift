import Support

/// Intervals of R² and r from resampling pairs with replacement: percentiles over the resamples.
///
/// - A model keeps its weight when it is drawn.
/// - Percentiles interpolate linearly between neighbours, as in NumPy.
/// - Resamples in which x or y is constant have no r; they are left out and counted.
/// - If r is near 0, the interval of R² lies above R², because the R² of a resample cannot be negative. The interval of
///   r does not.
/// - Resample b takes numbers b·n … of one sequence, so any number of threads draws the same resamples.
/// - Source: Efron 1979.
package struct Bootstrap: Sendable {
  /// The share of resamples within the interval.
  static let level = 0.95

  private static let resamplesPerPiece = 128

  let resamples: Int
  let seed: UInt64
  let threads: Int

  struct Interval: Sendable, Equatable {
    let r: ClosedRange<Double>
    let r2: ClosedRange<Double>
    /// Resamples without r.
    let undefined: Int
  }

  /// nil if no resample has an r. Throws `OutOfMemory`. Calls `checkCancellation` every second or so, and stops if it throws.
  func interval(
    _ x: [Double], _ y: [Double], weights: RowWeights? = nil, checkCancellation: () throws -> Void = {}
  ) throws -> Interval? {
    try MappedMemory.check(resamples, of: (Double, Double, Double).self, for: "\(resamples) bootstrap resamples")
    var drawn = [Double](repeating: .nan, count: resamples)
    for round in rounds(of: resamples, numbers: x.count) {
      try checkCancellation()
      draw(x, y, weights, round, into: &drawn)
    }
    let defined = drawn.filter { !$0.isNaN }.sorted()
    guard !defined.isEmpty else { return nil }
    return Interval(
      r: Self.range(defined), r2: Self.range(defined.map { $0 * $0 }.sorted()),
      undefined: resamples - defined.count)
  }

  private func draw(
    _ x: [Double], _ y: [Double], _ weights: RowWeights?, _ round: Range<Int>, into drawn: inout [Double]
  ) {
    let pieces = (round.count + Self.resamplesPerPiece - 1) / Self.resamplesPerPiece
    drawn.withUnsafeMutableBufferPointer { buffer in
      // Each piece writes its own elements.
      nonisolated(unsafe) let buffer = buffer
      WorkerThreads(threads).run(pieces) { piece in
        let first = round.lowerBound + piece * Self.resamplesPerPiece
        for resample in first..<min(first + Self.resamplesPerPiece, round.upperBound) {
          if let r = correlation(x, y, weights, resample) { buffer[resample] = r }
        }
      }
    }
  }

  private func correlation(_ x: [Double], _ y: [Double], _ weights: RowWeights?, _ resample: Int) -> Double? {
    var random = SplitMix64(seed: seed, skipping: resample &* x.count)
    let rows = x.indices.map { _ in random.below(x.count) }
    let drawn = weights?.of(rows)
    guard let a = CentredDirection(rows.map { x[$0] }, weights: drawn),
      let b = CentredDirection(rows.map { y[$0] }, weights: drawn)
    else { return nil }
    return CentredDirection.product(a.unit, b.unit)
  }

  /// The range of the middle ``level`` of sorted numbers.
  private static func range(_ sorted: [Double]) -> ClosedRange<Double> {
    let tail = (1 - level) / 2
    let low = percentile(sorted, tail)
    return low...max(low, percentile(sorted, 1 - tail))
  }

  package static func percentile(_ sorted: [Double], _ share: Double) -> Double {
    let place = share * Double(sorted.count - 1)
    let below = Int(place)
    guard below + 1 < sorted.count else { return sorted[sorted.count - 1] }
    return sorted[below] + (place - Double(below)) * (sorted[below + 1] - sorted[below])
  }
}
