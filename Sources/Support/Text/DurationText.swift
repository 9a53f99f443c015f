import Foundation

/// Durations as people write them.
package enum DurationText {
  private static let units: [String: Double] = [
    "s": 1, "sec": 1, "second": 1, "seconds": 1, "m": 60, "min": 60, "minute": 60, "minutes": 60, "h": 3600,
    "hour": 3600, "hours": 3600,
  ]

  /// Parses `10s`, `5min` or `1.5 h`, from a tenth of a second to a year; nil for anything else. A number without a unit
  /// may mean seconds to one reader and minutes to another.
  package static func parse(_ text: String) -> Duration? {
    let unit = text.reversed().prefix { $0.isLetter && $0.isASCII }.reversed()
    let digits = text.dropLast(unit.count).trimmingCharacters(in: .whitespaces)
    guard let scale = units[String(unit).lowercased()], let number = Double(digits),
      (0.1...366 * 86_400).contains(number * scale)
    else { return nil }
    return .seconds(number * scale)
  }
}
