import Foundation
import Geometry

/// What doubling the features of a model does to the columns of its measurements, in our tables and in the authors'.
enum FeatureScale {
  typealias Change = @Sendable (Double) -> Double

  static let doubling: [String: Change] = {
    var changes: [String: Change] = [:]
    for entry in Statistics.entries {
      for part in entry.shape.parts { changes[entry.column(part)] = change(entry.scaling, part) }
      for property in entry.properties {
        guard let change = change(entry.scaling, .mean) else { continue }
        for formula in [property.authors, property.later] {
          // The authors' ratios are of a deviation to a mean; the deviation of a logarithm does not change.
          let parts = formula.split(separator: " / ")
          if let mean = parts.last, parts.count == 1 || entry.scaling == .logarithm { changes[String(mean)] = change }
        }
      }
    }
    return changes
  }()

  /// Nil if the number stays the same.
  private static func change(_ scaling: StatisticEntry.Scaling, _ part: StatisticEntry.Part) -> Change? {
    switch (scaling, part) {
    case (.none, _), (.power, .cv), (.logarithm, .std): nil
    case (.irregular, _): { $0 * 2 }
    case (.power(let power), _): { $0 * pow(2, Double(power)) }
    case (.logarithm, .cv): { $0 / 2 }
    case (.logarithm, _): { $0 + log(2) }
    }
  }
}
