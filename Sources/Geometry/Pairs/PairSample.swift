/// How well statistics over a sample of the pairs are known: their standard errors.
///
/// The pairs are drawn independently. A mean of n of them has the standard error s/√n. That of a standard deviation depends
/// on the fourth moment; it is taken from how much the variances of the batches differ: with B batches of variance v_i,
/// √(Σ(v_i − v̄)²/(B(B − 1))) of the variance, and that over 2s of the standard deviation.
///
/// - Where a few pairs make most of a statistic, as of CDNV, an error is itself an estimate: those pairs may be in none.
struct PairSample: Sendable {
  /// By id of the statistic.
  private(set) var batchVariances: [String: Spread]
  private let ids: [String]
  /// Pairs drawn.
  private(set) var pairs = 0

  init(_ statistics: [any PairStatistic]) {
    ids = statistics.map(\.id)
    batchVariances = Dictionary(ids.map { ($0, Spread()) }) { first, _ in first }
  }

  /// Takes a batch's tallies, in the order of the statistics.
  mutating func add(_ tallies: [PairTally]) {
    for (id, tally) in zip(ids, tallies) {
      guard let deviation = tally.spread.populationDeviation else { continue }
      batchVariances[id, default: Spread()].merge(Spread([deviation * deviation]))
    }
    if let tally = tallies.first {
      pairs += tally.spread.count + tally.infinitePairs + tally.undefinedPairs
    }
  }

  /// The standard errors of a statistic's mean and standard deviation; nil where there are too few pairs, or batches.
  func errors(of id: String, _ tally: PairTally) -> (mean: Double?, std: Double?) {
    let count = Double(tally.spread.count)
    let mean = tally.spread.sampleDeviation.map { $0 / count.squareRoot() }
    guard let batches = batchVariances[id], let spread = batches.sampleDeviation,
      let deviation = tally.spread.populationDeviation, deviation > 0
    else { return (mean, nil) }
    return (mean, spread / Double(batches.count).squareRoot() / (2 * deviation))
  }
}
