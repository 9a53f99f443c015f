import Support

/// A statistic over the pairs of classes.
public struct PairSummary: Sendable, Equatable {
  /// Mean of the pairs that have a finite value; nil where none has, as with one class.
  public let mean: Double?
  /// Their population standard deviation.
  public let std: Double?
  /// Pairs that have a finite value.
  public let pairs: Int
  /// Pairs left out since identical means, or directions, make their value infinite.
  public let infinitePairs: Int
  /// Where the pairs are a sample: standard errors of mean and deviation.
  public let standardError: Double?
  public let deviationError: Double?
  /// Classes left out with all their pairs, since their centred mean is zero and has no direction.
  public let zeroNorms: Int

  /// - Parameter zeroNorms: the classes without a direction, if the statistic is one of directions.
  init(_ tally: PairTally, zeroNorms: Int) {
    mean = tally.spread.count > 0 ? tally.spread.mean : nil
    std = tally.spread.populationDeviation
    pairs = tally.spread.count
    infinitePairs = tally.infinitePairs
    (standardError, deviationError) = tally.errors
    self.zeroNorms = tally.undefinedPairs > 0 ? zeroNorms : 0
  }

  /// Of the pairs of directions, of which each has a value.
  ///
  /// - Parameter deviationError: the standard error of `std`, where that alone is of a sample.
  init(mean: Double?, std: Double?, deviationError: Double? = nil, directionsOf means: CentredMeans) {
    (self.mean, self.std) = (mean, std)
    let directions = means.classes - means.zeroNorms
    pairs = directions * (directions - 1) / 2
    infinitePairs = 0
    standardError = nil
    self.deviationError = deviationError
    zeroNorms = means.classes > 1 ? means.zeroNorms : 0
  }

  /// `mean`, `std`; where the pairs are a sample, `standard_error` of the mean and `std_standard_error`; `infinite_pairs` and
  /// `zero_norms` where there are any.
  var json: JSONValue {
    var members = [JSONValue.Member("mean", .optional(mean)), JSONValue.Member("std", .optional(std))]
    if let standardError { members.append(.init("standard_error", .number(standardError))) }
    if let deviationError { members.append(.init("std_standard_error", .number(deviationError))) }
    if infinitePairs > 0 { members.append(.init("infinite_pairs", .integer(infinitePairs))) }
    if zeroNorms > 0 { members.append(.init("zero_norms", .integer(zeroNorms))) }
    return .object(members)
  }
}
