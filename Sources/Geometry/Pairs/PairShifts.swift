import CollapseKernels
import Support

/// A number near the values of each pair statistic: their median over a few pairs.
///
/// Deviations from such a number give mean and standard deviation in one pass. They keep the digits that Σx² − (Σx)²/n
/// loses if values differ little.
struct PairShifts {
  /// By kernel slot; 0 if no pair has a finite value.
  private(set) var values = [Double](repeating: 0, count: COLLAPSE_PAIR_STATISTICS)

  /// Enough for the median to be within a few hundredths of a standard deviation of the mean.
  private static let pairs = 1024

  init(_ means: CentredMeans) {
    guard means.classes > 1 else { return }
    var random = SplitMix64(seed: 0)
    let pairs = (0..<Self.pairs).map { _ in means.pair(drawnBy: &random) }
    for statistic in Statistics.overPairs {
      let finite = pairs.map { statistic.value($0) }.filter(\.isFinite).sorted()
      if !finite.isEmpty { values[statistic.slot] = finite[finite.count / 2] }
    }
  }
}
