/// A statistic of neural collapse: a file of this name, its test, and a line of ``Statistics/all``.
protocol Statistic: Sendable {
  /// Its measurements under their ids; none where what it needs (a classifier, the within-class scatter, the sweep over
  /// pairs) is not given.
  func measure(_ geometry: ClassGeometry) throws -> [Measurement]
  /// What it needs that the user may not have given, and the ids that are absent then; nil where it needs nothing.
  var requirement: Remark.Requirement? { get }
  /// What collapse does to its measurements, in words, by their ids.
  var underCollapse: [String: String] { get }
}

extension Statistic {
  var requirement: Remark.Requirement? { nil }
  var underCollapse: [String: String] { [:] }
}

/// A statistic that is a mean and a standard deviation over pairs of classes.
///
/// All pair statistics share one ``PairSweep``; each only says what its value is for one pair.
protocol PairStatistic: Statistic {
  var id: String { get }
  /// Where the sweep's kernel has it.
  var slot: PairSlot { get }
  /// What collapse does to it.
  var collapse: String { get }
  /// Its value for a pair. An infinite one is left out and counted; NaN says that the pair has none, since one of the two
  /// classes has no direction.
  func value(_ pair: Pair) -> Double
  /// The values of several pairs, taken together. Part of the protocol so that the loop is compiled for each statistic.
  func tally(_ pairs: [Pair]) -> PairTally
}

extension PairStatistic {
  var underCollapse: [String: String] { [id: collapse] }

  func tally(_ pairs: [Pair]) -> PairTally { PairTally(pairs, value) }

  func measure(_ geometry: ClassGeometry) -> [Measurement] {
    guard let pairs = geometry.pairs, let tally = pairs.tallies[id] else { return [] }
    let summary = PairSummary(tally, zeroNorms: geometry.means.zeroNorms, sample: pairs.sample, id: id)
    return [Measurement(id, .overPairs(summary))]
  }
}
