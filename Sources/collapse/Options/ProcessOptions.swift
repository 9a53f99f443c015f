import Engine

extension Options<ProcessOptions> {
  /// Decodes the options and applies them to the process.
  func apply() throws -> ProcessOptions {
    let options = try ProcessOptions(given, of: "process")
    ConsoleLog.use(options.logFormat)
    FailureMessages.use(options.logFormat)
    try options.apply()
    return options
  }

  /// Arguments to pass on to processes that work in place of this one.
  var forOthers: [String] { arguments(without: ["log-interval", "status-file"]) }
}
