import CollapseKernels

/// The place of a pair statistic in what the sweep's kernel (`collapse_pairs`) finds.
///
/// The kernel and ``PairStatistic/value(_:)`` compute the same; the one is for regular pairs, the other, which is plain, for
/// all others and for tests.
enum PairSlot: Int, CaseIterable, Sendable {
  case classDistanceNormalizedVariance
  case squaredClassDistanceNormalizedVariance
  case interference
  case absoluteInterference
  case logarithmicEnergy
  case angularDistance
  case rieszEnergy
}
