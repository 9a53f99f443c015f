import ArgumentParser
import Engine
import Logging

/// Options that every verb has which works for long.
struct ProcessOptionGroup: ParsableArguments {
  @Option(help: Verb.help(ProcessOptions.specs, "nice"))
  var nice: String?

  @Option(help: Verb.help(ProcessOptions.specs, "ionice"))
  var ionice: String?

  @Option(help: Verb.help(ProcessOptions.specs, "io-rate"))
  var ioRate: String?

  @Option(help: Verb.help(ProcessOptions.specs, "log-format"))
  var logFormat: String?

  @Option(help: Verb.help(ProcessOptions.specs, "log-interval"))
  var logInterval: String?

  @Option(help: Verb.help(ProcessOptions.specs, "status-file"))
  var statusFile: String?

  /// Those that hold for whatever works in this one's place, as they are written.
  var arguments: [String] {
    let given = [("nice", nice), ("ionice", ionice), ("io-rate", ioRate), ("log-format", logFormat)]
    return given.flatMap { name, value in value.map { ["--\(name)", $0] } ?? [] }
  }

  /// Decodes the options and sets what holds for the process.
  func apply() throws -> ProcessOptions {
    let given = Verb.given([
      "nice": nice, "ionice": ionice, "io-rate": ioRate, "log-format": logFormat, "log-interval": logInterval,
      "status-file": statusFile,
    ])
    let options = try ProcessOptions(given)
    ConsoleLog.use(options.logFormat)
    try options.apply()
    return options
  }
}
