import Foundation
import Logging
import Pipeline

/// Log lines on standard error: bare on a terminal, with the time in a log.
struct ConsoleLog: LogHandler {
  var metadata: Logger.Metadata = [:]
  var logLevel: Logger.Level = .info
  private let isTerminal = isatty(STDERR_FILENO) == 1

  static var logger: Logger { Logger(label: "collapse") { _ in ConsoleLog() } }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let time = isTerminal ? "" : Date.now.formatted(.iso8601) + " "
    let level = event.level > .info ? "\(event.level): " : ""
    StandardStreams.writeError("\(time)\(level)\(event.message)\n")
  }
}
