import CollapseKernels

/// A statistic that is a mean and a standard deviation over pairs of classes.
///
/// All pair statistics share one ``PairSweep``; each only says what its value is for one pair. The sweep's kernel computes
/// the same for regular pairs: its formula is a line of `COLLAPSE_PAIRS` in `CollapseKernels.h`.
protocol PairStatistic: Statistic {
  static var entry: StatisticEntry { get }
  /// Where the kernel has it.
  static var slot: collapse_pair_statistic { get }
  /// How its histogram is cut and drawn.
  static var axis: PairAxis { get }
  /// Its value for a pair. An infinite one is left out and counted; NaN says that the pair has none, since one of the two
  /// classes has no direction.
  func value(_ pair: Pair) -> Double
  /// The values of several pairs, taken together. Part of the protocol so that the loop is compiled for each statistic.
  func tally(_ pairs: [Pair]) -> PairTally
}

extension PairStatistic {
  static var entries: [StatisticEntry] { [entry] }

  var id: String { Self.entry.id }
  var slot: Int { Int(Self.slot.rawValue) }
  var axis: PairAxis { Self.axis }

  func tally(_ pairs: [Pair]) -> PairTally { PairTally(pairs, bins: axis.bins, value) }

  func measure(_ geometry: ClassGeometry) -> [Measurement] {
    guard let pairs = geometry.pairs, let tally = pairs.tallies[id] else { return [] }
    let summary = PairSummary(tally, zeroNorms: geometry.means.zeroNorms)
    return [Measurement(Self.entry, .overPairs(summary))]
  }

  /// Its value where K directions are those of a simplex: every cosine is −1/(K − 1).
  func collapsed(classes: Int) -> Double? {
    guard classes > 1 else { return nil }
    let value = value(Pair(cosine: -1 / Double(classes - 1)))
    return value.isFinite ? value : nil
  }

  /// How its values are distributed over the pairs that a sweep tallied.
  func histogram(_ tallies: [String: PairTally]) -> PairHistogram {
    func counts(_ id: String) -> [Int] {
      let counts = tallies[id]?.counts ?? []
      return counts.isEmpty ? [Int](repeating: 0, count: PairBins.count) : counts
    }
    guard axis.bins == .ofCosines else { return PairHistogram(edges: axis.bins.edges, pairs: counts(id)) }
    let values = Interference.axis.bins.edges.map { value(Pair(cosine: $0)) }
    var pairs: [Double: Int] = [:]
    for (bin, count) in counts(Interference.entry.id).enumerated() {
      pairs[min(values[bin], values[bin + 1]), default: 0] += count
    }
    let edges = Set(values).sorted()
    return PairHistogram(edges: edges, pairs: edges.dropLast().map { pairs[$0] ?? 0 })
  }
}

/// How the histogram of a pair statistic is cut and drawn.
package struct PairAxis: Sendable {
  package let title: String
  package let label: String
  let bins: PairBins
  /// The colour of its bars: a number of the page's series.
  package var colour = 0

  package var isLogarithmic: Bool { if case .octaves = bins { true } else { false } }
}
