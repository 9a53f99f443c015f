import Plan
import Storage

/// How a process shares the machine and reports progress: the same for every verb that does work.
package struct ProcessOptions: Settings {
  package static let settings: [Setting<Self>] = [
    .init(\.nice, "nice", "yield the processor to others: add 1 to 19 to the niceness", .amount(atMost: 19)),
    .init(\.ionice, "ionice", "yield the disk to others: idle, or best-effort:0 (first) to best-effort:7 (last)"),
    .init(\.ioRate, "io-rate", "limit in bytes per second on reading inputs and writing states, as in 200MiB", .rate),
    .init(\.logFormat, "log-format", "text, or json: one object per line"),
    .init(
      \.logSeconds, "log-interval",
      "seconds between progress lines if standard error is not a terminal; 30 by default",
      .amount(atMost: 86_400)),
    .init(
      \.force, "force", "replace existing files even if collapse did not make them; inputs are never replaced"),
    .init(
      \.statusFile, "status-file",
      "status file for collapse status; by default status.json in a pipeline's output folder", .output),
  ]

  private(set) var nice: Int?
  /// The resulting niceness.
  private var niceness: Int32?
  private(set) var ionice: ProcessPriority.InputOutput?
  private(set) var ioRate: Int?
  private var logSeconds = 30
  /// The status file; nil if not given.
  package private(set) var statusFile: String?
  /// Whether outputs may replace files that this program did not make.
  package private(set) var force = false
  package private(set) var logFormat = LogFormat.text

  package enum LogFormat: String, OptionValue, CaseIterable {
    case text, json
  }

  /// The defaults.
  package init() {}

  package mutating func finishDecoding(_ decoder: inout OptionDecoder) {
    niceness = nice.map { min(ProcessPriority.niceness + Int32($0), 19) }
  }

  /// Time between progress lines in a log.
  var logInterval: Duration { .seconds(logSeconds) }

  /// Applies the options to the whole process. Throws ``RunError`` if the system refuses.
  package func apply() throws {
    try lowerPriority()
    if let ionice { try ProcessPriority.set(ionice) }
    IORate.ofProcess.limit(to: ioRate)
    if force { OutputRules.ofProcess.replaceAny() }
  }

  /// Applies the requested niceness to all threads.
  func lowerPriority() throws { if let niceness { try ProcessPriority.lower(to: niceness) } }
}
