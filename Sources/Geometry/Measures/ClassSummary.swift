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
  /// Number of classes whose corrected value is not positive: noise alone explains it.
  package let noiseOnly: Int

  init(_ values: [Double?], noiseOnly: Int = 0) {
    let spread = RunningVariance(values.compactMap { $0 })
    self.init(mean: spread.mean, of: spread, leftOut: values.count - spread.count, noiseOnly: noiseOnly)
  }

  /// Summarizes 1 − x, given x: values near 1 keep the digits in which they differ.
  init(oneMinus values: [Double?]) {
    let spread = RunningVariance(values.compactMap { $0 })
    self.init(mean: 1 - spread.mean, of: spread, leftOut: values.count - spread.count)
  }

  private init(mean: Double, of spread: RunningVariance, leftOut: Int, noiseOnly: Int = 0) {
    self.mean = spread.count > 0 ? mean : nil
    std = spread.sampleDeviation
    // If noise explains more than all of the mean, there is nothing to relate the deviation to.
    cv = mean == 0 || noiseOnly > 0 && mean < 0 ? nil : std.map { $0 / mean }
    classes = spread.count
    zeroNorms = leftOut
    self.noiseOnly = noiseOnly
  }

  /// `mean`, `std`, `cv`, and `zero_norms` and `noise_only` if they are not 0.
  var json: JSONValue {
    var members = [
      JSONValue.Member("mean", .optional(mean)), JSONValue.Member("std", .optional(std)),
      JSONValue.Member("cv", .optional(cv)),
    ]
    if zeroNorms > 0 { members.append(.init("zero_norms", .integer(zeroNorms))) }
    if noiseOnly > 0 { members.append(.init("noise_only", .integer(noiseOnly))) }
    return .object(members)
  }
}
