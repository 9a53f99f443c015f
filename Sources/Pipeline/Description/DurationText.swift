import Foundation

/// Spans of time as people write them.
public enum DurationText {
  private static let units: [String: Double] = [
    "": 1, "s": 1, "sec": 1, "second": 1, "seconds": 1, "m": 60, "min": 60, "minute": 60, "minutes": 60, "h": 3600,
    "hour": 3600, "hours": 3600,
  ]

  /// What `10s`, `5min` or `1.5 h` stand for, from a tenth of a second to a year; nil for anything else.
  public static func parse(_ text: String) -> Duration? {
    let unit = text.reversed().prefix { $0.isLetter && $0.isASCII }.reversed()
    let digits = text.dropLast(unit.count).trimmingCharacters(in: .whitespaces)
    guard let scale = units[String(unit).lowercased()], let number = Double(digits),
      (0.1...366 * 86_400).contains(number * scale)
    else { return nil }
    return .seconds(number * scale)
  }
}

/// How often a stage keeps what it has done.
package enum CheckpointInterval: Sendable, Equatable {
  case every(Duration)
  /// Only when it is interrupted or asked to.
  case off

  static let standard = CheckpointInterval.every(.seconds(300))

  var duration: Duration? { if case .every(let duration) = self { duration } else { nil } }
}

extension CheckpointInterval: OptionValue {
  package static var optionType: OptionType { .interval }

  package static func decode(
    _ text: Located<String>, _ spec: OptionSpec, _ decoder: inout OptionDecoder
  ) -> CheckpointInterval? {
    if text.value.lowercased() == "off" { return .off }
    if let duration = DurationText.parse(text.value) { return .every(duration) }
    decoder.refuse(text, spec, expected: "a span of time", example: "5min", more: ", or off")
    return nil
  }
}
