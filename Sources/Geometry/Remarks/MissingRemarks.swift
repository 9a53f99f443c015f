extension Remark {
  /// Users who give no decisions, no out-of-distribution stream and no selection do not expect what is made from them.
  private static let remarkable: [Requirement] = [.withinScatter, .classifier, .everyPair]

  /// One remark for each need that is not met.
  static func absent(_ subject: Subject) -> [Remark] {
    remarkable.filter { !subject.geometry.meets($0) }.map { need in
      let missing = Statistics.entries.filter { entry in
        entry.needs == need && (!entry.isOnRequest || subject.geometry.spectra != nil)
      }
      return absent(ids: missing.map(\.id), need: need)
    }
  }

  /// Measurements that are absent because an input they need was not given.
  static func absent(ids: [String], need: Requirement) -> Remark {
    Remark(.absent, "\(ids.joined(separator: ", ")) \(verb(ids)) absent: \(need.absence)", need: need)
  }

  /// One remark for each reason why measurements have no value.
  static func undefined(_ subject: Subject) -> [Remark] {
    let undefined = subject.measurements.filter(\.isUndefined)
    let reasons = undefined.map { measurement in
      measurement.reason
        ?? (measurement.entry.shape == .samples
          ? "no decided sample belongs to a measured class" : subject.geometry.whyUndefined)
    }
    return reasons.distinct().map { reason in
      .undefined(ids: zip(undefined, reasons).filter { $1 == reason }.map(\.0.id), reason: reason)
    }
  }

  /// Measurements that are present but have no value.
  static func undefined(ids: [String], reason: String) -> Remark {
    Remark(.undefined, "\(ids.joined(separator: ", ")) \(verb(ids)) undefined (null): \(reason)")
  }

  private static func verb(_ ids: [String]) -> String { ids.count == 1 ? "is" : "are" }
}

extension ClassGeometry {
  fileprivate var whyUndefined: String {
    if means.classes == 1 { return "they compare classes, and there is only one" }
    if !means.differ { return "all class means agree within rounding" }
    return means.classes - means.zeroNorms < 2
      ? "fewer than two class means differ from the global mean" : "they divide by zero"
  }
}
