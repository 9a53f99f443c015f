import Geometry
import Storage

extension HistogramTable {
  private static let columns = ["statistic", "lower", "upper", "pairs"]

  /// Files of histograms.
  package static let own = OwnFile.csv { $0.map(String.init) == columns }

  /// Comma-separated, after a header line; the edge of an open bin is `-inf` or `inf`.
  ///
  /// A statistic's rows go from its first to its last bin with pairs; `PairHistogram` defines the bins.
  package var csv: String {
    var csv = Self.columns.joined(separator: ",") + "\n"
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
