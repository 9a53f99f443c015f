/// The histograms of all pair statistics, as a table.
///
/// A statistic's rows go from the first bin that has pairs to the last; see ``PairHistogram`` for what a bin is.
public struct HistogramTable: Sendable, Equatable {
  /// By the statistics' ids, in the order in which results list them.
  public let histograms: [(id: String, histogram: PairHistogram)]

  public static func == (a: HistogramTable, b: HistogramTable) -> Bool {
    a.histograms.elementsEqual(b.histograms) { $0 == $1 }
  }

  init(_ histograms: PairHistograms) {
    self.histograms = Statistics.overPairs.map { ($0.id, histograms.of($0.slot)) }
  }

  /// Comma-separated, a header line first; the edge of an open bin is `-inf` or `inf`.
  public var csv: String {
    var csv = "statistic,lower,upper,pairs\n"
    for (id, histogram) in histograms {
      guard let first = histogram.pairs.firstIndex(where: { $0 > 0 }),
        let last = histogram.pairs.lastIndex(where: { $0 > 0 })
      else { continue }
      for bin in first...last {
        csv += "\(id),\(histogram.edges[bin]),\(histogram.edges[bin + 1]),\(histogram.pairs[bin])\n"
      }
    }
    return csv
  }
}
