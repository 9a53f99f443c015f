import Plan
import Support

/// How often a stage keeps what it has done.
package enum CheckpointInterval: Sendable, Equatable {
  case every(Duration)
  /// Only when it is interrupted or asked to.
  case off

  static let standard = CheckpointInterval.every(.seconds(300))

  package var duration: Duration? { if case .every(let duration) = self { duration } else { nil } }

  package static let spec = OptionSpec(
    "checkpoint",
    "how often to keep what is done so far beside the output, as in 10s; 5min by default, off for only when interrupted",
    .interval
  )
}

extension OptionDecoder {
  /// A span of time, or `off`.
  package mutating func checkpointInterval() -> CheckpointInterval {
    guard let option = located(CheckpointInterval.spec.name) else { return .standard }
    if option.value.lowercased() == "off" { return .off }
    if let duration = DurationText.parse(option.value) { return .every(duration) }
    complain(
      option.place, "expected a span of time for checkpoint, found “\(option.value)”",
      advice: "write, for example, \(option.place.example("checkpoint", "5min")), or off")
    return .standard
  }
}
