import Plan
import Storage

/// How a process behaves among others, and what it says of itself: the same for every verb that works.
public struct ProcessOptions: Settings {
  package static let settings: [Setting<Self>] = [
    .init(\.nice, "nice", "leave the processor to others: add 1 to 19 to the niceness", .amount(atMost: 19)),
    .init(\.ionice, "ionice", "leave the disk to others: idle, or best-effort:0 (first) to best-effort:7 (last)"),
    .init(\.ioRate, "io-rate", "most that is read and written in a second, as in 200MiB: inputs and states", .rate),
    .init(\.logFormat, "log-format", "text, or json: an object a line"),
    .init(
      \.logSeconds, "log-interval",
      "seconds between two lines of progress where standard error is no terminal; 30 by default",
      .amount(atMost: 86_400)),
    .init(
      \.statusFile, "status-file",
      "where to keep the status, for collapse status; by default status.json in a pipeline's out"),
  ]

  private(set) var nice: Int?
  /// What that makes of the niceness the process came with.
  private var niceness: Int32?
  private(set) var ionice: ProcessPriority.InputOutput?
  private(set) var ioRate: Int?
  private var logSeconds = 30
  /// Where the status is kept; nil where the pipeline has no folder for it.
  private(set) var statusFile: String?
  package private(set) var logFormat = LogFormat.text

  package enum LogFormat: String, OptionValue, CaseIterable {
    case text, json
  }

  /// Those of a process that was told nothing.
  public init() {}

  package mutating func settle(_ decoder: inout OptionDecoder) {
    niceness = nice.map { min(ProcessPriority.niceness + Int32($0), 19) }
  }

  /// Between two lines of progress in a log.
  var logInterval: Duration { .seconds(logSeconds) }

  /// Sets what holds for the whole process. Throws ``RunError`` where the system refuses.
  public func apply() throws {
    try lowerPriority()
    if let ionice { try ProcessPriority.set(ionice) }
    IORate.ofProcess.limit(to: ioRate)
  }

  /// Sees to it that all threads are as nice as the process was told to be.
  func lowerPriority() throws { if let niceness { try ProcessPriority.lower(to: niceness) } }
}
