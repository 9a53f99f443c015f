import Engine
import Foundation
import Logging
import Plan
import Support
import Synchronization

/// Log lines on standard error: bare on a terminal, with the time elsewhere, or JSON objects, one per line.
///
/// Texts from files are shown by ``VisibleText``, so that they cannot end a line.
struct ConsoleLog: LogHandler {
  var metadata: Logger.Metadata = [:]
  var logLevel: Logger.Level = .info
  private let isTerminal = isatty(STDERR_FILENO) == 1

  /// Translates messages to pipeline keys; nil keeps command-line flags.
  var words: PipelineFileWording?

  static var logger: Logger { logger(in: nil) }

  static func logger(in words: PipelineFileWording?) -> Logger {
    Logger(label: "collapse") { _ in ConsoleLog(words: words) }
  }

  /// Set once, before anything is logged.
  private static let isJSON = Atomic<Bool>(false)

  static func use(_ format: ProcessOptions.LogFormat) { isJSON.store(format == .json, ordering: .relaxed) }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let all = metadata.merging(event.metadata ?? [:]) { $1 }
    let texts = all.mapValues { value in
      if case .array(let values) = value { values.map { worded("\($0)") } } else { [worded("\(value)")] }
    }
    Self.write(level: event.level, VisibleText.line(worded("\(event.message)")), texts, isTerminal: isTerminal)
  }

  func worded(_ message: String) -> String { words?.translate(message) ?? message }

  /// Names the outputs for which `run` needs consent, or has it.
  static func noteOutputsElsewhere(_ graph: PipelineGraph, areAllowed: Bool = false) {
    let problems = graph.outputsElsewhere
    for problem in problems.prefix(PipelineError.Shown.first.rawValue) {
      let consent = areAllowed ? ": allowed by --allow-outputs" : ", so run needs consent: \(problem.advice)"
      logger.notice("\(problem.place): \(problem.message)\(consent)")
    }
    if problems.count > PipelineError.Shown.first.rawValue {
      logger.notice("and \(problems.count - PipelineError.Shown.first.rawValue) more such outputs")
    }
  }

  /// Writes the final message of a program that failed.
  static func fail(_ message: String) {
    if isJSON.load(ordering: .relaxed) {
      write(level: .critical, VisibleText.lines(message), [:], isTerminal: false)
    } else {
      StandardStreams.writeError("collapse: \(VisibleText.lines(message))\n")
    }
  }

  /// - Parameter metadata: texts that go on lines of their own below the message.
  private static func write(level: Logger.Level, _ message: String, _ metadata: [String: [String]], isTerminal: Bool) {
    let time = Date.now.formatted(.iso8601)
    let metadata = metadata.sorted { $0.key < $1.key }
    guard isJSON.load(ordering: .relaxed) else {
      let words = (isTerminal ? "" : time + " ") + (level > .info ? "\(level): " : "") + message
      let more = metadata.flatMap { key, texts in
        texts.map { "  \(Logger.marks[key] ?? key + ":") \(VisibleText.line($0))" }
      }
      return StandardStreams.writeError(([words] + more).map { $0 + "\n" }.joined())
    }
    let members = metadata.map { key, texts in
      let values = texts.map { JSONValue.string(VisibleText.line($0)) }
      return JSONValue.Member(key, values.count == 1 ? values[0] : .array(values))
    }
    let object: JSONValue = ["time": .string(time), "level": .string("\(level)"), "message": .string(message)]
    let text = (members.isEmpty ? object : object.adding("metadata", .object(members))).line
    StandardStreams.writeError(text + "\n")
  }
}
