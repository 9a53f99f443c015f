import Engine
import Foundation
import Logging
import Plan
import Support
import Synchronization

/// Log lines on standard error: bare on a terminal, with the time elsewhere, or JSON objects, one per line.
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
    Self.write(
      level: event.level, worded("\(event.message)"), all.mapValues { "\($0)" }, isTerminal: isTerminal)
  }

  func worded(_ message: String) -> String { words?.translate(message) ?? message }

  /// Writes the final message of a program that failed.
  static func fail(_ message: String) {
    if isJSON.load(ordering: .relaxed) {
      write(level: .critical, message, [:], isTerminal: false)
    } else {
      StandardStreams.writeError("collapse: \(FileName.readable(message))\n")
    }
  }

  private static func write(level: Logger.Level, _ message: String, _ metadata: [String: String], isTerminal: Bool) {
    let time = Date.now.formatted(.iso8601)
    let message = FileName.readable(message)
    guard isJSON.load(ordering: .relaxed) else {
      let words = (isTerminal ? "" : time + " ") + (level > .info ? "\(level): " : "") + message
      return StandardStreams.writeError(words + "\n")
    }
    let members = metadata.sorted { $0.key < $1.key }.map { JSONValue.Member($0.key, .string($0.value)) }
    let object: JSONValue = ["time": .string(time), "level": .string("\(level)"), "message": .string(message)]
    let text = (members.isEmpty ? object : object.adding("metadata", .object(members))).line
    StandardStreams.writeError(text + "\n")
  }
}
