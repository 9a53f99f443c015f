/// The histograms of all pair statistics.
package struct HistogramTable: Sendable, Equatable {
  /// By statistic id, in the order of results.
  package let histograms: [(id: String, histogram: PairHistogram)]

  package static func == (a: HistogramTable, b: HistogramTable) -> Bool {
    a.histograms.elementsEqual(b.histograms) { $0 == $1 }
  }

  init(_ tallies: [String: PairAccumulator]) {
    histograms = Statistics.overPairs.map { ($0.id, $0.histogram(tallies)) }
  }
}
