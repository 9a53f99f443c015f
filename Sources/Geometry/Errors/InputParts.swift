/// The parts of decisions and of an out-of-distribution stream. NC4 and NC5 get their errors from them.
package struct InputParts: Sendable {
  private struct Parts<Input: Sendable>: Sendable {
    let jackknife: Jackknife
    let inputs: [Input]
  }

  private var decisions: Parts<Decisions>?
  /// μ_OOD without each part.
  private var means: Parts<OutOfDistributionMean>?

  package init() {}

  /// Takes the parts of the decisions, unless there are too few of them. Parts without samples leave nothing out.
  package mutating func take(decisions parts: [Decisions]) {
    let parts = parts.filter { !$0.classes.isEmpty }
    decisions = Jackknife(sizes: parts.map { $0.totals().samples }).map { Parts(jackknife: $0, inputs: parts) }
  }

  /// Takes the means of the parts of an out-of-distribution stream, unless there are too few of them.
  package mutating func take(outOfDistribution parts: [OutOfDistributionMean]) {
    let parts = parts.filter { $0.samples > 0 }
    means = Jackknife(sizes: parts.map(\.samples)).map { jackknife in
      let others = parts.indices.map { left in
        parts.indices.reduce(into: OutOfDistributionMean(dimension: parts[left].dimension)) { mean, part in
          if part != left { mean.merge(parts[part]) }
        }
      }
      return Parts(jackknife: jackknife, inputs: others)
    }
  }

  /// Gives measurements of the inputs their errors.
  func errors(of measurements: [Measurement], _ geometry: ClassGeometry) throws -> [Measurement] {
    var measurements = measurements
    if let decisions, let all = geometry.decisions {
      let replicates = try decisions.inputs.map {
        try geometry.replacing(\.decisions, by: all.without($0)).measuring(.decisions)
      }
      decisions.jackknife.estimate(&measurements, needing: .decisions, replicates)
    }
    if let means, geometry.outOfDistribution != nil {
      let replicates = try means.inputs.map {
        try geometry.replacing(\.outOfDistribution, by: $0).measuring(.outOfDistribution)
      }
      means.jackknife.estimate(&measurements, needing: .outOfDistribution, replicates)
    }
    return measurements
  }
}

extension Jackknife {
  fileprivate func estimate(
    _ measurements: inout [Measurement], needing requirement: Requirement, _ replicates: [[Measurement]]
  ) {
    for (place, measurement) in measurements.enumerated() where measurement.entry.needs == requirement {
      let (estimated, reason) = estimate(measurement, replicates.map { $0.first { $0.id == measurement.id } })
      measurements[place] = estimated
      measurements[place].errorGap = reason.map { "\($0) of \(requirement.samples)" }
    }
  }
}

extension ClassGeometry {
  fileprivate func replacing<Input>(_ path: WritableKeyPath<ClassGeometry, Input?>, by input: Input) -> ClassGeometry {
    var other = self
    other[keyPath: path] = input
    return other
  }

  /// The measurements that need one of the optional inputs.
  fileprivate func measuring(_ requirement: Requirement) throws -> [Measurement] {
    let statistics = Statistics.all.filter { type(of: $0).entries.contains { $0.needs == requirement } }
    return try statistics.flatMap { try $0.measure(self) }.filter { $0.entry.needs == requirement }
  }
}
