/// Every statistic, in the order in which results list them.
package enum Statistics {
  static let all: [any Statistic] = [
    Sizes(),
    Traces(),
    SpectralVariability(),
    ClassDistanceNormalizedVariance(),
    SquaredClassDistanceNormalizedVariance(),
    Equinormness(),
    Interference(),
    AbsoluteInterference(),
    Coherence(),
    SimplexError(),
    LogarithmicEnergy(),
    AngularDistance(),
    RieszEnergy(),
    SelfDuality(),
    DualError(),
    ClassifierAgreement(),
    OutOfDistributionDeviation(),
  ]

  /// What there is to know about each measurement, in their order.
  package static let entries = all.flatMap { type(of: $0).entries }

  /// Those that one sweep over pairs serves.
  static let overPairs = all.compactMap { $0 as? any PairStatistic }

  /// What there is to know about a measurement, which may be of another version: then its id alone.
  package static func entry(_ id: String) -> StatisticEntry {
    entries.first { $0.id == id } ?? StatisticEntry(id: id, title: id, family: .others, shape: .scalar, formula: "")
  }

  /// How the histogram of a pair statistic is drawn; nil for any other id.
  package static func axis(_ id: String) -> PairAxis? { pair(id)?.axis }

  /// The value of a pair statistic for every pair of K classes whose directions are those of a simplex; nil where that does
  /// not follow from their directions.
  package static func collapsed(_ id: String, classes: Int) -> Double? { pair(id)?.collapsed(classes: classes) }

  /// Those that a timeline follows, in the order of its columns: what needs the within-class scatter comes last.
  package static let onTimeline =
    entries.filter { $0.timeline != nil && $0.needs == nil } + entries.filter { $0.timeline != nil && $0.needs != nil }

  /// A column that tables of results have.
  package static let example =
    entries.lazy.compactMap { entry in entry.headline.map { entry.column($0.part) } }.first ?? ""

  private static func pair(_ id: String) -> (any PairStatistic)? { overPairs.first { $0.id == id } }

  /// The ids of what needs something, in words: `nc1_pinv and nc1_svd`.
  package static func needing(_ requirement: Requirement) -> String {
    let ids = entries.filter { $0.needs == requirement }.map(\.id)
    return (ids.count > 2 ? [ids.dropLast().joined(separator: ", "), ids[ids.count - 1]] : ids).joined(
      separator: " and ")
  }
}
