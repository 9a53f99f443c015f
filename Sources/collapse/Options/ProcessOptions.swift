import Engine

extension Options<ProcessOptions> {
  /// Decodes the options and sets what holds for the process.
  func apply() throws -> ProcessOptions {
    let options = try ProcessOptions(given, of: "process")
    ConsoleLog.use(options.logFormat)
    try options.apply()
    return options
  }

  /// Those that hold for whatever works in this one's place.
  var forOthers: [String] { arguments(without: ["log-interval", "status-file"]) }
}
