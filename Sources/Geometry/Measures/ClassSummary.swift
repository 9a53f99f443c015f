import Support

/// A statistic over the classes.
public struct ClassSummary: Sendable, Equatable {
  /// Mean of the classes that have a value; nil where none has.
  public let mean: Double?
  /// Their sample standard deviation, of n − 1; nil with fewer than two.
  public let std: Double?
  /// Coefficient of variation std/mean; nil where the mean is zero.
  public let cv: Double?
  /// Classes that have a value.
  public let classes: Int
  /// Classes left out since a vector of theirs is zero and has no direction, or no logarithm.
  public let zeroNorms: Int

  init(_ values: [Double?]) {
    let spread = Spread(values.compactMap { $0 })
    self.init(mean: spread.mean, of: spread, leftOut: values.count - spread.count)
  }

  /// Of the values 1 − x, each given by its x: values near 1 keep the digits in which they differ.
  init(oneMinus values: [Double?]) {
    let spread = Spread(values.compactMap { $0 })
    self.init(mean: 1 - spread.mean, of: spread, leftOut: values.count - spread.count)
  }

  private init(mean: Double, of spread: Spread, leftOut: Int) {
    self.mean = spread.count > 0 ? mean : nil
    std = spread.sampleDeviation
    cv = mean == 0 ? nil : std.map { $0 / mean }
    classes = spread.count
    zeroNorms = leftOut
  }

  /// `mean`, `std`, `cv`, and `zero_norms` where there are any.
  var json: JSONValue {
    var members = [
      JSONValue.Member("mean", .optional(mean)), JSONValue.Member("std", .optional(std)),
      JSONValue.Member("cv", .optional(cv)),
    ]
    if zeroNorms > 0 { members.append(.init("zero_norms", .integer(zeroNorms))) }
    return .object(members)
  }
}
