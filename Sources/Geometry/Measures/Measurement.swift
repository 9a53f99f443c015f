import Support

/// One result under its id.
public struct Measurement: Sendable, Equatable {
  /// As METRICS lists it: `nc1_cdnv`.
  public let id: String
  public let value: Value
  /// What collapse does to it, for people; empty where there is nothing to say.
  public let collapse: String

  public init(_ id: String, _ value: Value) {
    self.id = id
    self.value = value
    collapse = Self.underCollapse(id)
  }

  /// What collapse does to the measurement of an id, as the statistic that measures it says; empty where there is nothing to
  /// say.
  public static func underCollapse(_ id: String) -> String { Statistics.underCollapse[id] ?? "" }

  public enum Value: Sendable, Equatable {
    /// A number of things.
    case count(Int)
    /// One number, nil where it is undefined.
    case scalar(Double?)
    case overPairs(PairSummary)
    case overClasses(ClassSummary)
    /// What two deciders chose.
    case overSamples(Decisions.Counts)
  }

  /// As results are written: undefined values are `null`.
  public var json: JSONValue {
    switch value {
    case .count(let count): .integer(count)
    case .scalar(let number): .optional(number)
    case .overPairs(let summary): summary.json
    case .overClasses(let summary): summary.json
    case .overSamples(let counts): counts.json
    }
  }
}

extension Measurement {
  /// Its numbers under the names they have as columns of a table: `nc2_norm_mean`.
  public var numbers: [(name: String, value: Double?)] {
    switch value {
    case .count(let count): [(id, Double(count))]
    case .scalar(let number): [(id, number)]
    case .overPairs(let summary): [("\(id)_mean", summary.mean), ("\(id)_std", summary.std)]
    case .overClasses(let summary):
      [("\(id)_mean", summary.mean), ("\(id)_std", summary.std), ("\(id)_cv", summary.cv)]
    case .overSamples(let counts):
      [
        ("\(id)_samples", Double(counts.samples)), ("\(id)_hits", Double(counts.hits)),
        ("\(id)_agreement", counts.agreement), ("\(id)_accuracy", counts.accuracy),
        ("\(id)_ncc_accuracy", counts.nearestAccuracy),
      ]
    }
  }

  /// One number; undefined where it is nil, NaN or infinite.
  static func scalar(_ id: String, _ value: Double?) -> Measurement {
    Measurement(id, .scalar(value.flatMap { $0.isFinite ? $0 : nil }))
  }

  /// Mean and deviation over classes; nil values are left out and counted as zero norms.
  static func overClasses(_ id: String, _ values: [Double?]) -> Measurement {
    Measurement(id, .overClasses(ClassSummary(values)))
  }

  /// The same of 1 − x for values x.
  static func overClasses(_ id: String, oneMinus values: [Double?]) -> Measurement {
    Measurement(id, .overClasses(ClassSummary(oneMinus: values)))
  }
}

extension JSONValue {
  /// A number, or `null` for nil.
  static func optional(_ number: Double?) -> JSONValue { number.map { .number($0) } ?? .null }
}
