/// What somebody who looks for a number and does not find it should know.
public enum Remark: Sendable, Equatable, CustomStringConvertible {
  /// Measurements that are absent, since what they need was not given.
  case absent(ids: [String], need: Need)
  /// Measurements that are there and have no value.
  case undefined(ids: [String], reason: String)

  /// What some statistics need and not everybody gives.
  public enum Need: Sendable, CaseIterable {
    case withinScatter, classifier, everyPair

    var words: String {
      switch self {
      case .withinScatter:
        "the state has no within-class scatter; accumulate --within pooled keeps it"
      case .classifier:
        "no output head was given; name it with --classifier"
      case .everyPair:
        "they need every pair of classes; leave out --pairs"
      }
    }
  }

  public var description: String {
    switch self {
    case .absent(let ids, let need):
      "\(ids.joined(separator: ", ")) \(ids.count == 1 ? "is" : "are") absent: \(need.words)"
    case .undefined(let ids, let reason):
      "\(ids.joined(separator: ", ")) \(ids.count == 1 ? "is" : "are") undefined (null): \(reason)"
    }
  }

  /// Measurements that are reported only where there is what they need.
  struct Requirement {
    let need: Need
    let ids: [String]

    init(_ need: Need, for ids: String...) {
      self.need = need
      self.ids = ids
    }
  }

  /// What is to be said of the measurements that some statistics made of a geometry: a remark for each need that is not
  /// met, and one for what has no value.
  static func remarks(
    on measurements: [Measurement], by statistics: [any Statistic], of geometry: ClassGeometry
  ) -> [Remark] {
    let requirements = statistics.compactMap(\.requirement)
    var remarks = Need.allCases.filter { !geometry.meets($0) }.map { need in
      Remark.absent(ids: requirements.filter { $0.need == need }.flatMap(\.ids), need: need)
    }
    let undefined = measurements.filter(\.isUndefined)
    let (ofClasses, ofSamples) = (undefined.filter { !$0.isOverSamples }, undefined.filter(\.isOverSamples))
    if !ofClasses.isEmpty { remarks.append(.undefined(ids: ofClasses.map(\.id), reason: geometry.whyUndefined)) }
    if !ofSamples.isEmpty {
      remarks.append(.undefined(ids: ofSamples.map(\.id), reason: "no decided sample is of a class that is measured"))
    }
    return remarks
  }
}

extension ClassGeometry {
  fileprivate func meets(_ need: Remark.Need) -> Bool {
    switch need {
    case .withinScatter: withinScatter != nil
    case .classifier: classifier != nil
    case .everyPair: pairs?.neighbourhoods != nil
    }
  }

  fileprivate var whyUndefined: String {
    if means.classes == 1 { return "they compare classes, and there is only one" }
    if !means.differ { return "all class means agree within rounding" }
    return means.classes - means.zeroNorms < 2
      ? "fewer than two class means differ from the global mean" : "they divide by zero"
  }
}

extension Measurement {
  fileprivate var isOverSamples: Bool { if case .overSamples = value { true } else { false } }

  fileprivate var isUndefined: Bool {
    switch value {
    case .count: false
    case .scalar(let number): number == nil
    case .overPairs(let summary): summary.mean == nil
    case .overClasses(let summary): summary.mean == nil
    case .overSamples(let counts): counts.agreement == nil
    }
  }
}
