/// Every statistic, in the order of results.
package enum Statistics {
  static let all: [any Statistic] = [
    Sizes(),
    Traces(),
    SamplingNoiseShare(),
    CorrectedTraces(),
    SelectedTraces(),
    VarianceDistanceRatio(),
    SpectralVariability(),
    ClassDistanceNormalizedVariance(),
    FourthPowerClassDistanceNormalizedVariance(),
    Equinormness(),
    CorrectedNorms(),
    Interference(),
    AbsoluteInterference(),
    MaximalAngle(),
    Coherence(),
    SimplexError(),
    LogarithmicEnergy(),
    ChordalDistance(),
    RieszEnergy(),
    DimensionalRieszEnergy(),
    SelfDuality(),
    DualError(),
    FrobeniusDuality(),
    HeadFrame(),
    ClassifierAgreement(),
    OutOfDistributionDeviation(),
    SpectralShape(),
    SpectraOfFeatures(),
  ]

  /// Those that are also measured for growing min-count.
  static let overMinCount = all.filter { type(of: $0).entries.contains(where: \.overMinCount) }

  /// The metadata of every measurement, in the order of results.
  package static let entries = all.flatMap { type(of: $0).entries }

  /// The statistics that share one sweep over pairs.
  static let overPairs = all.compactMap { $0 as? any PairStatistic }

  /// Those of them whose distribution is reported.
  static let drawnOverPairs = overPairs.filter { type(of: $0).entry.shape == .pairs }

  /// The metadata of a measurement. An id that another version wrote gets an entry with just that id.
  package static func entry(_ id: String) -> StatisticEntry {
    entries.first { $0.id == id } ?? StatisticEntry(id: id, title: id, family: .others, shape: .scalar, formula: "")
  }

  /// How the histogram of a pair statistic is drawn; nil for any other id.
  package static func axis(_ id: String) -> PairAxis? { pair(id)?.axis }

  /// The value of a pair statistic for every pair of K classes whose directions form a simplex; nil if directions do
  /// not determine it.
  package static func collapsed(_ id: String, classes: Int) -> Double? { pair(id)?.collapsed(classes: classes) }

  /// The entry that corrects another for sampling noise, if there is one.
  package static func correction(of entry: StatisticEntry) -> StatisticEntry? {
    entries.first { $0.corrects == entry.id }
  }

  /// The entries on a timeline, in column order; those that need the within-class scatter come last.
  package static let onTimeline =
    entries.filter { $0.timeline != nil && $0.needs == nil } + entries.filter { $0.timeline != nil && $0.needs != nil }

  /// An example of a column in tables of results.
  package static let example =
    entries.lazy.compactMap { entry in entry.headline.map { entry.column($0.part) } }.first ?? ""

  private static func pair(_ id: String) -> (any PairStatistic)? { drawnOverPairs.first { $0.id == id } }

  /// The ids of the measurements that need `requirement`, except those on request, in words: `nc1_pinv and nc1_svd`.
  package static func needing(_ requirement: Requirement) -> String {
    entries.filter { $0.needs == requirement && !$0.isOnRequest }.map(\.id).inWords
  }
}

extension [String] {
  /// `a, b and c`.
  var inWords: String {
    (count > 2 ? [dropLast().joined(separator: ", "), self[count - 1]] : self).joined(separator: " and ")
  }
}
