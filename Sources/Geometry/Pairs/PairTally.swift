/// What a pair statistic comes to over some pairs.
struct PairTally: Sendable, Equatable {
  /// Of the finite values.
  private(set) var spread = Spread()
  /// Pairs whose value is infinite.
  private(set) var infinitePairs = 0
  /// Pairs without a value, since one of the two has no direction.
  private(set) var undefinedPairs = 0
  /// The finite values by bins; empty where they are not counted, or there are none.
  private(set) var counts: [Int] = []

  init() {}

  /// Of pairs whose values are all finite.
  init(_ spread: Spread, counts: [Int] = []) {
    self.spread = spread
    self.counts = counts
  }

  init(_ pairs: [Pair], bins: PairBins = .ofCosines, _ value: (Pair) -> Double) {
    let finite = [Double](unsafeUninitializedCapacity: pairs.count) { finite, count in
      for pair in pairs {
        let value = value(pair)
        if value.isFinite {
          finite.initializeElement(at: count, to: value)
          count += 1
        } else if value.isNaN {
          undefinedPairs += 1
        } else {
          infinitePairs += 1
        }
      }
    }
    spread = Spread(finite)
    guard bins != .ofCosines, !finite.isEmpty else { return }
    counts = Array(repeating: 0, count: PairBins.count)
    for value in finite {
      if let bin = bins.bin(value) { counts[bin] += 1 }
    }
  }

  mutating func merge(_ other: PairTally) {
    spread.merge(other.spread)
    infinitePairs += other.infinitePairs
    undefinedPairs += other.undefinedPairs
    if counts.isEmpty {
      counts = other.counts
    } else {
      for (bin, count) in other.counts.enumerated() { counts[bin] += count }
    }
  }
}
