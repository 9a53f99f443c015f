import CollapseKernels
import Support

/// Numbers near the values of each pair statistic: the medians over a few pairs.
///
/// Deviations from such a number add up to mean and standard deviation in one visit, without the digits that Σx² − (Σx)²/n
/// loses where values differ by little.
struct PairShifts {
  /// By the kernel's places; 0 where no pair has a finite value.
  private(set) var values = [Double](repeating: 0, count: COLLAPSE_PAIR_STATISTICS)

  /// Enough for a median within a few hundredths of a standard deviation of the mean.
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
