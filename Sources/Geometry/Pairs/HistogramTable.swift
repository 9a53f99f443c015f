/// The histograms of all pair statistics.
package struct HistogramTable: Sendable, Equatable {
  /// By statistic id, in the order of results.
  package let histograms: [(id: String, histogram: PairHistogram)]

  package static func == (a: HistogramTable, b: HistogramTable) -> Bool {
    a.histograms.elementsEqual(b.histograms) { $0 == $1 }
  }

  init(_ geometry: ClassGeometry) {
    histograms = Statistics.drawnOverPairs.map { statistic in
      let family = type(of: statistic).entry.family
      let isKnown = !type(of: statistic).needsVariances || geometry.varianceAbsence == nil
      return (statistic.id, statistic.histogram(isKnown ? geometry.pairs(of: family)?.tallies ?? [:] : [:]))
    }
  }
}
