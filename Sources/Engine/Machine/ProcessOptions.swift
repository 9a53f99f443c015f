import Plan
import Storage

/// How a process behaves among others, and what it says of itself: the same for every verb that works.
public struct ProcessOptions: Sendable {
  let nice: Int?
  /// What that makes of the niceness the process came with.
  private let niceness: Int32?
  let ionice: ProcessPriority.InputOutput?
  let ioRate: Int?
  /// Between two lines of progress in a log.
  let logInterval: Duration
  /// Where the status is kept; nil where the pipeline has no folder for it.
  let statusFile: String?
  public let logFormat: LogFormat

  public enum LogFormat: String, Sendable, CaseIterable {
    case text, json
  }

  public static let specs = [
    OptionSpec("nice", "leave the processor to others: add 1 to 19 to the niceness"),
    OptionSpec("ionice", "leave the disk to others: idle, or best-effort:0 (first) to best-effort:7 (last)"),
    OptionSpec("io-rate", "most that is read and written in a second, as in 200MiB: inputs and states"),
    OptionSpec("log-format", "text, or json: an object a line"),
    OptionSpec(
      "log-interval", "seconds between two lines of progress where standard error is no terminal; 30 by default"),
    OptionSpec(
      "status-file", "where to keep the status, for collapse status; by default status.json in a pipeline's out"),
  ]

  /// Those of a process that was told nothing.
  public init() {
    (nice, ionice, ioRate, statusFile) = (nil, nil, nil, nil)
    (logInterval, logFormat, niceness) = (.seconds(30), .text, nil)
  }

  /// Decodes options as the user wrote them. Throws ``PipelineError`` with everything wrong with them.
  public init(_ options: [String: StageDescription.Option]) throws {
    let name = "process"
    var decoder = OptionDecoder(
      StageDescription(name: name, kind: Located(name, .option(name)), options: options), Self.specs)
    nice = decoder.amount("nice", within: 1...19)
    niceness = nice.map { min(ProcessPriority.niceness + Int32($0), 19) }
    ionice = Self.ionice(&decoder)
    ioRate = decoder.rate("io-rate")
    logFormat = decoder.choice("log-format", LogFormat.text)
    logInterval = .seconds(decoder.amount("log-interval", within: 1...86_400) ?? 30)
    statusFile = decoder.text("status-file")
    guard decoder.problems.isEmpty else { throw PipelineError(decoder.problems) }
  }

  private static func ionice(_ decoder: inout OptionDecoder) -> ProcessPriority.InputOutput? {
    guard let option = decoder.located("ionice") else { return nil }
    if let priority = ProcessPriority.InputOutput(option.value) { return priority }
    decoder.complain(
      option.place, "expected idle or best-effort:0 to best-effort:7 for ionice, found “\(option.value)”",
      advice: "write, for example, \(option.place.example("ionice", "idle"))")
    return nil
  }

  /// Sets what holds for the whole process. Throws ``RunError`` where the system refuses.
  public func apply() throws {
    try lowerPriority()
    if let ionice { try ProcessPriority.set(ionice) }
    IORate.ofProcess.limit(to: ioRate)
  }

  /// Sees to it that all threads are as nice as the process was told to be.
  func lowerPriority() throws { if let niceness { try ProcessPriority.lower(to: niceness) } }
}
