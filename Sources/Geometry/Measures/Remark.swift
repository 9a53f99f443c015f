/// What somebody who looks for a number and does not find it should know.
package enum Remark: Sendable, Equatable {
  /// Measurements that are absent, since what they need was not given.
  case absent(ids: [String], need: Requirement)
  /// Measurements that are there and have no value.
  case undefined(ids: [String], reason: String)

  /// Who gives no decisions and no foreign stream does not look for what is made of them.
  private static let remarkable: [Requirement] = [.withinScatter, .classifier, .everyPair]

  /// What is to be said of measurements: a remark for each need that is not met, and one for what has no value.
  static func remarks(on measurements: [Measurement], of geometry: ClassGeometry) -> [Remark] {
    var remarks = remarkable.filter { !geometry.meets($0) }.map { need in
      Remark.absent(ids: Statistics.entries.filter { $0.needs == need }.map(\.id), need: need)
    }
    let undefined = measurements.filter(\.isUndefined).map(\.entry)
    let (ofClasses, ofSamples) = (undefined.filter { $0.shape != .samples }, undefined.filter { $0.shape == .samples })
    if !ofClasses.isEmpty { remarks.append(.undefined(ids: ofClasses.map(\.id), reason: geometry.whyUndefined)) }
    if !ofSamples.isEmpty {
      remarks.append(.undefined(ids: ofSamples.map(\.id), reason: "no decided sample is of a class that is measured"))
    }
    return remarks
  }
}

extension ClassGeometry {
  fileprivate var whyUndefined: String {
    if means.classes == 1 { return "they compare classes, and there is only one" }
    if !means.differ { return "all class means agree within rounding" }
    return means.classes - means.zeroNorms < 2
      ? "fewer than two class means differ from the global mean" : "they divide by zero"
  }
}
