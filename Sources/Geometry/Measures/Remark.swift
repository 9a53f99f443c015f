/// Why a number that users may look for is missing.
package enum Remark: Sendable, Equatable {
  /// Measurements that are absent because an input they need was not given.
  case absent(ids: [String], need: Requirement)
  /// Measurements that are present but have no value.
  case undefined(ids: [String], reason: String)

  /// Users who give no decisions and no out-of-distribution stream do not expect the statistics made from them.
  private static let remarkable: [Requirement] = [.withinScatter, .classifier, .everyPair]

  /// One remark for each need that is not met, and one for measurements without a value.
  static func remarks(on measurements: [Measurement], of geometry: ClassGeometry) -> [Remark] {
    var remarks = remarkable.filter { !geometry.meets($0) }.map { need in
      Remark.absent(ids: Statistics.entries.filter { $0.needs == need }.map(\.id), need: need)
    }
    let undefined = measurements.filter(\.isUndefined).map(\.entry)
    let (ofClasses, ofSamples) = (undefined.filter { $0.shape != .samples }, undefined.filter { $0.shape == .samples })
    if !ofClasses.isEmpty { remarks.append(.undefined(ids: ofClasses.map(\.id), reason: geometry.whyUndefined)) }
    if !ofSamples.isEmpty {
      remarks.append(.undefined(ids: ofSamples.map(\.id), reason: "no decided sample belongs to a measured class"))
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
