import CollapseKernels

/// A statistic reported as mean and standard deviation over pairs of classes.
///
/// All pair statistics share one ``PairSweep``; each defines only its value for one pair. The sweep's kernel computes
/// the same value for regular pairs, by a line of `COLLAPSE_PAIRS` in `CollapseKernels.h`.
protocol PairStatistic: Statistic {
  static var entry: StatisticEntry { get }
  /// Its slot in the kernel's results.
  static var slot: collapse_pair_statistic { get }
  /// How its histogram is binned and drawn.
  static var axis: PairAxis { get }
  /// Whether it is made from the variances of classes, so that it is undefined if no measured class has two samples.
  static var needsVariances: Bool { get }
  /// Its value for a pair. Infinite values are left out and counted. NaN means that there is no value, because one of
  /// the two classes has no direction.
  func value(_ pair: Pair) -> Double
  /// The accumulated values for several pairs. Part of the protocol so that the loop is compiled for each statistic.
  func accumulator(_ pairs: [Pair]) -> PairAccumulator
}

extension PairStatistic {
  static var entries: [StatisticEntry] { [entry] }
  static var needsVariances: Bool { false }

  var id: String { Self.entry.id }
  var slot: Int { Int(Self.slot.rawValue) }
  var axis: PairAxis { Self.axis }

  func accumulator(_ pairs: [Pair]) -> PairAccumulator { PairAccumulator(pairs, bins: axis.bins, value) }

  func measure(_ geometry: ClassGeometry) -> [Measurement] {
    let means = geometry.means(of: Self.entry.family)
    if Self.needsVariances, means.differ, let absence = geometry.varianceAbsence {
      let none = PairSummary(PairAccumulator(), zeroNorms: 0)
      return [Measurement(Self.entry, .overPairs(none), reason: absence.rawValue)]
    }
    guard let accumulator = geometry.pairs(of: Self.entry.family)?.tallies[id] else { return [] }
    return [Measurement(Self.entry, .overPairs(PairSummary(accumulator, zeroNorms: means.zeroNorms)))]
  }

  /// Its value if the K directions form a simplex, in which every cosine is −1/(K − 1).
  func collapsed(classes: Int) -> Double? {
    guard classes > 1 else { return nil }
    let value = value(Pair(cosine: -1 / Double(classes - 1)))
    return value.isFinite ? value : nil
  }

  /// The histogram of its values over the pairs that a sweep tallied.
  func histogram(_ tallies: [String: PairAccumulator]) -> PairHistogram {
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

/// How the histogram of a pair statistic is binned and drawn.
package struct PairAxis: Sendable {
  package let title: String
  package let label: String
  let bins: PairBins
  /// The colour of its bars, as the number of a series on the page.
  package var colour = 0

  package var isLogarithmic: Bool { if case .octaves = bins { true } else { false } }
}
