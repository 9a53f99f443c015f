import Support

/// What results say about how sure their numbers are. Each is a member that mirrors the statistics: a number for
/// `nc1_quotient`, an object of `mean`, `std` and `cv` for `nc2_norm`. Unknown ones are left out.
package enum Certainty: String, CaseIterable, Sendable {
  /// The standard errors to use: the jackknife's if there was one, else those in closed form.
  case errors = "standard_errors"
  /// The jackknife's estimates of bias.
  case bias = "jackknife_bias"
  /// The standard errors in closed form, where those of a jackknife are used.
  case analytic = "analytic_errors"

  /// What follows the name of a number in columns of tables: `nc1_quotient_standard_error`; nil if it has no column.
  package var suffix: String? {
    switch self {
    case .errors: "_standard_error"
    case .bias: "_jackknife_bias"
    case .analytic: nil
    }
  }

  /// The length of an error bar: the standard error. Nil if that is unknown, or if the bias exceeds two of it, so that
  /// the value is far from what more samples would give.
  static func bar(error: Double?, bias: Double?) -> Double? {
    guard let error, (bias?.magnitude ?? 0) <= 2 * error else { return nil }
    return error
  }

  /// One of them for a part of a measurement.
  fileprivate func number(_ measurement: Measurement, _ part: StatisticEntry.Part) -> Double? {
    switch self {
    case .errors: measurement.errors[part]
    case .bias: measurement.bias[part]
    case .analytic: measurement.analytic[part]
    }
  }

  /// The member with this name, of all measurements; nil if it would be empty.
  fileprivate func member(_ measurements: [Measurement]) -> JSONValue.Member? {
    let known = measurements.compactMap { measurement -> JSONValue.Member? in
      let entry = measurement.entry
      var numbers: [JSONValue.Member] = []
      for part in entry.shape.parts {
        guard let number = number(measurement, part) else { continue }
        let path = entry.path(part)
        if path.count == 1 { return .init(entry.id, .number(number)) }
        numbers.append(.init(path[1], .number(number)))
      }
      return numbers.isEmpty ? nil : .init(entry.id, .object(numbers))
    }
    return known.isEmpty ? nil : .init(rawValue, .object(known))
  }
}

extension [Measurement] {
  /// An object with one member per measurement, and last what is known about their ``Certainty``.
  var json: JSONValue {
    .object(map { .init($0.id, $0.json) } + Certainty.allCases.compactMap { $0.member(self) })
  }
}

/// What results in JSON say about how sure their numbers are.
package struct RecordedCertainty: Sendable {
  private let measures: JSONValue?

  /// - Parameter measures: the object with the statistics, of all classes or of a group.
  package init(_ measures: JSONValue?) { self.measures = measures }

  /// Nil if it is unknown.
  ///
  /// - Parameter path: that of the number itself; see ``StatisticEntry/path(_:)``.
  package func number(_ kind: Certainty, _ path: [String]) -> Double? {
    path.reduce(measures?[kind.rawValue]) { value, key in value?[key] }?.double
  }

  /// The length of a number's error bar; nil without one.
  package func bar(_ path: [String]) -> Double? {
    Certainty.bar(error: number(.errors, path), bias: number(.bias, path))
  }
}
