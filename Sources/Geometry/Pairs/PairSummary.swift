import Support

/// A statistic summarized over pairs of classes.
package struct PairSummary: Sendable, Equatable {
  /// Mean over the pairs with a finite value; nil if there are none, as with one class.
  package let mean: Double?
  /// Population standard deviation over those pairs.
  package let std: Double?
  /// Number of pairs with a finite value.
  package let pairs: Int
  /// Number of pairs left out because identical means or directions make their value infinite.
  package let infinitePairs: Int
  /// Standard errors of mean and deviation, if the pairs are a sample.
  package let standardError: Double?
  package let deviationError: Double?
  /// Number of classes left out with all their pairs: their centred mean is zero, so it has no direction.
  package let zeroNorms: Int

  /// - Parameter zeroNorms: the number of classes without a direction, reported if the statistic depends on directions.
  init(_ accumulator: PairAccumulator, zeroNorms: Int) {
    mean = accumulator.spread.count > 0 ? accumulator.spread.mean : nil
    std = accumulator.spread.populationDeviation
    pairs = accumulator.spread.count
    infinitePairs = accumulator.infinitePairs
    (standardError, deviationError) = accumulator.errors
    self.zeroNorms = accumulator.undefinedPairs > 0 ? zeroNorms : 0
  }

  /// Over the pairs of directions, each of which has a value.
  ///
  /// - Parameter deviationError: the standard error of `std`, if only that comes from a sample.
  init(mean: Double?, std: Double?, deviationError: Double? = nil, directionsOf means: CentredMeans) {
    (self.mean, self.std) = (mean, std)
    let directions = means.classes - means.zeroNorms
    pairs = directions * (directions - 1) / 2
    infinitePairs = 0
    standardError = nil
    self.deviationError = deviationError
    zeroNorms = means.classes > 1 ? means.zeroNorms : 0
  }

  /// `mean` and `std`; for a sample of pairs `standard_error` of the mean and `std_standard_error`; `infinite_pairs`
  /// and `zero_norms` if they are not 0.
  var json: JSONValue {
    var members = [JSONValue.Member("mean", .optional(mean)), JSONValue.Member("std", .optional(std))]
    if let standardError { members.append(.init("standard_error", .number(standardError))) }
    if let deviationError { members.append(.init("std_standard_error", .number(deviationError))) }
    if infinitePairs > 0 { members.append(.init("infinite_pairs", .integer(infinitePairs))) }
    if zeroNorms > 0 { members.append(.init("zero_norms", .integer(zeroNorms))) }
    return .object(members)
  }
}
