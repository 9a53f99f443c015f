import Support

/// How often a stage writes a checkpoint.
package enum CheckpointInterval: Sendable, Equatable {
  case every(Duration)
  /// Only when interrupted or on request.
  case off

  package static let standard = CheckpointInterval.every(.seconds(300))

  package var duration: Duration? { if case .every(let duration) = self { duration } else { nil } }
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
