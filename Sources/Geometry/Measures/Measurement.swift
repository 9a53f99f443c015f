import Support

/// One result and its metadata.
package struct Measurement: Sendable, Equatable {
  package let entry: StatisticEntry
  package let value: Value

  init(_ entry: StatisticEntry, _ value: Value) {
    (self.entry, self.value) = (entry, value)
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

  /// Whether it has no value.
  var isUndefined: Bool { entry.shape.parts.first.flatMap(number) == nil }
}

extension Measurement {
  /// One number; undefined if it is nil, NaN or infinite.
  static func scalar(_ entry: StatisticEntry, _ value: Double?) -> Measurement {
    Measurement(entry, .scalar(value.flatMap { $0.isFinite ? $0 : nil }))
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
