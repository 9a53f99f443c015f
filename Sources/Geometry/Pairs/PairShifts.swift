import Support

/// Numbers near the values of each pair statistic: the medians over a few pairs.
///
/// Deviations from such a number add up to mean and standard deviation in one visit, without the digits that Σx² − (Σx)²/n
/// loses where values differ by little.
struct PairShifts {
  /// By ``PairSlot``; 0 where no pair has a finite value.
  let values: [Double]

  /// Enough for a median within a few hundredths of a standard deviation of the mean.
  private static let pairs = 1024

  init(_ means: CentredMeans) {
    let classes = means.classes
    guard classes > 1 else {
      values = PairSlot.allCases.map { _ in 0 }
      return
    }
    var random = SplitMix64(seed: 0)
    let pairs = (0..<Self.pairs).map { _ in means.pair(drawnBy: &random) }
    let slots = Dictionary(uniqueKeysWithValues: Statistics.overPairs.map { ($0.slot, $0) })
    values = PairSlot.allCases.map { slot in
      let finite = pairs.compactMap { slots[slot]?.value($0) }.filter(\.isFinite).sorted()
      return finite.isEmpty ? 0 : finite[finite.count / 2]
    }
  }
}
