import Support

/// One result and its metadata.
package struct Measurement: Sendable, Equatable {
  package let entry: StatisticEntry
  package let value: Value
  /// Why it has no value, if the statistic knows.
  let reason: String?
  /// The standard errors of its numbers, as far as they are known.
  package private(set) var errors: [StatisticEntry.Part: Double]
  /// The jackknife's estimates of their bias; empty if there was none.
  package private(set) var bias: [StatisticEntry.Part: Double] = [:]
  /// The standard errors in closed form, if those of a jackknife replaced them.
  package private(set) var analytic: [StatisticEntry.Part: Double] = [:]
  /// Why a jackknife over the parts of an input of its own gave no error; nil if there was none, or it did.
  var errorGap: String?

  init(
    _ entry: StatisticEntry, _ value: Value, reason: String? = nil, errors: [StatisticEntry.Part: Double] = [:]
  ) {
    (self.entry, self.value, self.reason, self.errors) = (entry, value, reason, errors)
  }

  /// Its id in results: `nc1_cdnv`.
  package var id: String { entry.id }

  package enum Value: Sendable, Equatable {
    /// A count.
    case count(Int)
    /// One number; nil if it is undefined.
    case scalar(Double?)
    case overPairs(PairSummary)
    case overClasses(ClassSummary)
    /// How two deciders fared.
    case overSamples(Decisions.Counts)
  }

  /// The value as written to results; undefined values are `null`.
  package var json: JSONValue {
    switch value {
    case .count(let count): .integer(count)
    case .scalar(let number): .optional(number)
    case .overPairs(let summary): summary.json
    case .overClasses(let summary): summary.json
    case .overSamples(let counts): counts.json
    }
  }

  /// One of its numbers; nil if that is undefined or the measurement has no such part.
  package func number(_ part: StatisticEntry.Part) -> Double? {
    switch (value, part) {
    case (.count(let count), .value): Double(count)
    case (.scalar(let number), .value): number
    case (.overPairs(let summary), .mean): summary.mean
    case (.overPairs(let summary), .std): summary.std
    case (.overClasses(let summary), .mean): summary.mean
    case (.overClasses(let summary), .std): summary.std
    case (.overClasses(let summary), .cv): summary.cv
    case (.overSamples(let counts), .value): counts.agreement
    default: nil
    }
  }

  /// Its numbers, with their column names in tables: `nc2_norm_mean`.
  package var numbers: [(name: String, value: Double?)] {
    entry.shape.parts.map { (entry.column($0), number($0)) }
  }

  /// The length of the error bar of one of its numbers; nil without one. See ``Certainty/bar(error:bias:)``.
  package func bar(_ part: StatisticEntry.Part) -> Double? {
    Certainty.bar(error: errors[part], bias: bias[part])
  }

  /// Whether the error of a number is known, but has no bar for its bias.
  package func isBiased(_ part: StatisticEntry.Part) -> Bool { errors[part] != nil && bar(part) == nil }

  /// The same measurement with the errors of a jackknife in place of its own, which it keeps as ``analytic``.
  package func replacingErrors(
    _ errors: [StatisticEntry.Part: Double], bias: [StatisticEntry.Part: Double]
  ) -> Measurement {
    var replaced = self
    (replaced.analytic, replaced.errors, replaced.bias) = (self.errors, errors, bias)
    return replaced
  }

  /// Whether it has no value.
  var isUndefined: Bool { entry.shape.parts.first.flatMap(number) == nil }
}

extension Measurement {
  /// One number; undefined if it is nil, NaN or infinite.
  static func scalar(
    _ entry: StatisticEntry, _ value: Double?, error: Double? = nil, reason: String? = nil
  ) -> Measurement {
    let value = value.flatMap { $0.isFinite ? $0 : nil }
    let error = value == nil ? nil : error.flatMap { $0.isFinite ? $0 : nil }
    return Measurement(entry, .scalar(value), reason: reason, errors: error.map { [.value: $0] } ?? [:])
  }

  /// One number that needs the correction for sampling noise; undefined, with the reason, without one.
  static func scalar(
    _ entry: StatisticEntry, of noise: Result<SamplingNoise, SamplingNoise.Absence>, error: Double? = nil,
    _ value: (SamplingNoise) throws(SamplingNoise.Absence) -> Double?
  ) -> Measurement {
    do throws(SamplingNoise.Absence) {
      return scalar(entry, try value(try noise.get()), error: error)
    } catch {
      return scalar(entry, nil, reason: error.rawValue)
    }
  }

  /// Mean and deviation over classes; nil values are left out and counted as zero norms.
  static func overClasses(_ entry: StatisticEntry, _ values: [Double?]) -> Measurement {
    Measurement(entry, .overClasses(ClassSummary(values)))
  }

  /// The same for 1 − x, given x.
  static func overClasses(_ entry: StatisticEntry, oneMinus values: [Double?]) -> Measurement {
    Measurement(entry, .overClasses(ClassSummary(oneMinus: values)))
  }
}

extension JSONValue {
  /// A number, or `null` for nil.
  static func optional(_ number: Double?) -> JSONValue { number.map { .number($0) } ?? .null }
}
