/// Every statistic, in the order in which results list them.
enum Statistics {
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

  /// What collapse does to each measurement, by id.
  static let underCollapse = all.reduce(into: [:]) { $0.merge($1.underCollapse) { first, _ in first } }

  /// Those that one sweep over pairs serves.
  static var overPairs: [any PairStatistic] { all.compactMap { $0 as? any PairStatistic } }
}
