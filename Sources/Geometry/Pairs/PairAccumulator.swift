/// The accumulated values of a pair statistic over some pairs.
struct PairAccumulator: Sendable, Equatable {
  /// Count, mean and deviation of the finite values.
  private(set) var spread = RunningVariance()
  /// Number of pairs whose value is infinite.
  private(set) var infinitePairs = 0
  /// Number of pairs without a value, because one of the two classes has no direction.
  private(set) var undefinedPairs = 0
  /// Finite values by bin; empty if not counted, or if no value is finite.
  private(set) var counts: [Int] = []

  /// The spread of the variances of batches of drawn pairs; empty if all pairs were visited.
  private(set) var batchVariances = RunningVariance()

  init() {}

  /// From pairs whose values are all finite.
  init(_ spread: RunningVariance, counts: [Int] = []) {
    (self.spread, self.counts) = (spread, counts)
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
    spread = RunningVariance(finite)
    guard bins != .ofCosines, !finite.isEmpty else { return }
    counts = Array(repeating: 0, count: PairBins.count)
    for value in finite {
      if let bin = bins.bin(value) { counts[bin] += 1 }
    }
  }

  mutating func merge(_ other: PairAccumulator) {
    spread.merge(other.spread)
    infinitePairs += other.infinitePairs
    undefinedPairs += other.undefinedPairs
    batchVariances.merge(other.batchVariances)
    if counts.isEmpty {
      counts = other.counts
    } else {
      for (bin, count) in other.counts.enumerated() { counts[bin] += count }
    }
  }

  /// Adds a batch of randomly drawn pairs.
  mutating func add(batch: PairAccumulator) {
    merge(batch)
    if let deviation = batch.spread.populationDeviation {
      batchVariances.merge(RunningVariance([deviation * deviation]))
    }
  }

  /// The standard errors of mean and standard deviation if the pairs are a sample; nil if they are all pairs, or too
  /// few.
  ///
  /// The pairs are drawn independently, so a mean over n of them has the standard error s/√n. That of a standard
  /// deviation depends on the fourth moment. It is estimated from how much the variances of the batches differ. With B
  /// batches of variance v_i, the variance has the standard error √(Σ(v_i − v̄)²/(B(B − 1))), and the standard
  /// deviation that over 2s.
  ///
  /// - If a few pairs dominate a statistic, as in CDNV, an error is itself a rough estimate: the batches may contain
  ///   none of them.
  var errors: (mean: Double?, std: Double?) {
    guard batchVariances.count > 0 else { return (nil, nil) }
    let mean = spread.sampleDeviation.map { $0 / Double(spread.count).squareRoot() }
    guard let variances = batchVariances.sampleDeviation, let deviation = spread.populationDeviation, deviation > 0
    else {
      return (mean, nil)
    }
    return (mean, variances / Double(batchVariances.count).squareRoot() / (2 * deviation))
  }
}
