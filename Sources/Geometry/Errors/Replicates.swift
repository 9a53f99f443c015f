import Support

/// Measurements with the errors that a jackknife estimates, and what has none.
package struct Jackknifed: Sendable, Equatable {
  package fileprivate(set) var measurements: [Measurement] = []
  /// Measurements that have a value but no error, and why.
  package fileprivate(set) var gaps: [Gap] = []

  package struct Gap: Sendable, Equatable {
    package let id: String
    package let reason: String
  }

  /// The ids without an error for each reason, in order of appearance.
  package var reasons: [(reason: String, ids: [String])] {
    gaps.map(\.reason).distinct().map { reason in (reason, gaps.filter { $0.reason == reason }.map(\.id)) }
  }
}

extension Jackknife {
  /// Gives measurements the errors that follow from replicates, in place of their own.
  ///
  /// - Counts have none, and neither have maxima: what is left out cannot raise them.
  /// - A number has none if it is undefined without one of the parts.
  /// - What comes from other samples than those of the state, as NC4 does, keeps the errors it has.
  ///
  /// - Parameter replicates: the measurements without each part; nil if it could not be measured.
  /// - Precondition: there is one for each part.
  package func errors(of measurements: [Measurement], without replicates: [[Measurement]?]) -> Jackknifed {
    var result = Jackknifed()
    let byID = replicates.map { list in
      Dictionary((list ?? []).map { ($0.id, $0) }) { first, _ in first }
    }
    for measurement in measurements {
      if let needs = measurement.entry.needs, needs.hasOwnSamples {
        result.measurements.append(measurement)
        if measurement.bias.isEmpty, !measurement.isUndefined, measurement.entry.shape != .count {
          let reason = measurement.errorGap ?? "\(needs.samples) come in fewer than \(Self.fewestParts) parts"
          result.gaps.append(Jackknifed.Gap(id: measurement.id, reason: reason))
        }
      } else {
        let (estimated, reason) = estimate(measurement, byID.map { $0[measurement.id] })
        result.measurements.append(estimated)
        if let reason { result.gaps.append(Jackknifed.Gap(id: measurement.id, reason: reason)) }
      }
    }
    return result
  }

  /// A measurement with its errors, and why some are missing.
  func estimate(_ measurement: Measurement, _ replicates: [Measurement?]) -> (Measurement, String?) {
    guard measurement.entry.shape != .count, !measurement.isUndefined else { return (measurement, nil) }
    guard !measurement.entry.isExtreme else {
      return (measurement.replacingErrors([:], bias: [:]), "a maximum has no standard error")
    }
    var (errors, biases): ([StatisticEntry.Part: Double], [StatisticEntry.Part: Double]) = ([:], [:])
    var reason: String?
    for part in measurement.entry.shape.parts {
      guard let whole = measurement.number(part) else { continue }
      let values = replicates.map { $0?.number(part) }
      if let place = values.firstIndex(of: nil) {
        reason = reason ?? "undefined without part \(place + 1)"
      } else if let estimate = estimate(whole, without: values.compactMap(\.self)) {
        (errors[part], biases[part]) = (estimate.standardError, estimate.bias)
      } else {
        reason = reason ?? "its standard error is out of range"
      }
    }
    return (measurement.replacingErrors(errors, bias: biases), reason)
  }
}

extension Requirement {
  /// Whether it has samples of its own, so that its parts are not those of the state.
  var hasOwnSamples: Bool { self == .decisions || self == .outOfDistribution }

  /// Those samples, in words.
  var samples: String {
    switch self {
    case .decisions: "the decisions"
    case .outOfDistribution: "the out-of-distribution samples"
    case .withinScatter, .classifier, .everyPair, .selection: "the samples"
    }
  }
}
