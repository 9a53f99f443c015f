import Support

/// A statistic summarized over classes.
package struct ClassSummary: Sendable, Equatable {
  /// Mean over the classes that have a value; nil if none has.
  package let mean: Double?
  /// Sample standard deviation over those classes, with n − 1 in the denominator; nil for fewer than two.
  package let std: Double?
  /// Coefficient of variation, std/mean; nil if the mean is zero.
  package let cv: Double?
  /// Number of classes that have a value.
  package let classes: Int
  /// Number of classes left out: one of their vectors is zero, so it has no direction and no logarithm.
  package let zeroNorms: Int

  init(_ values: [Double?]) {
    let spread = RunningVariance(values.compactMap { $0 })
    self.init(mean: spread.mean, of: spread, leftOut: values.count - spread.count)
  }

  /// Summarizes 1 − x, given x: values near 1 keep the digits in which they differ.
  init(oneMinus values: [Double?]) {
    let spread = RunningVariance(values.compactMap { $0 })
    self.init(mean: 1 - spread.mean, of: spread, leftOut: values.count - spread.count)
  }

  private init(mean: Double, of spread: RunningVariance, leftOut: Int) {
    self.mean = spread.count > 0 ? mean : nil
    std = spread.sampleDeviation
    cv = mean == 0 ? nil : std.map { $0 / mean }
    classes = spread.count
    zeroNorms = leftOut
  }

  /// `mean`, `std`, `cv`, and `zero_norms` if it is not 0.
  var json: JSONValue {
    var members = [
      JSONValue.Member("mean", .optional(mean)), JSONValue.Member("std", .optional(std)),
      JSONValue.Member("cv", .optional(cv)),
    ]
    if zeroNorms > 0 { members.append(.init("zero_norms", .integer(zeroNorms))) }
    return .object(members)
  }
}
