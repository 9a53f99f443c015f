import Foundation

#if canImport(Glibc)
  import Glibc
#endif

/// Runs programs as a user would, and reports how they ended.
package struct Tool {
  package struct Result {
    /// Exit status; −1 if a signal ended the process.
    package let status: Int32
    package let output: [UInt8]
    package let errors: String
    /// Peak resident memory in KiB, measured a few milliseconds before the end.
    package let peakKiB: Int

    package var text: String { String(decoding: output, as: UTF8.self) }
  }

  /// Runs the built `collapse`.
  package static func collapse(
    _ arguments: String..., input: [UInt8]? = nil, folder: String? = nil, environment: [String: String] = [:]
  ) throws -> Result {
    try run(Places.tool, arguments, input: input, folder: folder, environment: environment)
  }

  /// Throws ``StillRunning`` if the program has not ended after `limit`, and ends it.
  package static func run(
    _ program: String, _ arguments: [String], input: [UInt8]? = nil, folder: String? = nil,
    environment: [String: String] = [:], limit: Duration = longest
  ) throws -> Result {
    var running = try Running(
      program, arguments, input: input, folder: folder, environment: environment, limit: limit)
    while true {
      if let result = try running.result() { return result }
      usleep(3_000)
    }
  }

  /// Like ``run(_:_:input:folder:environment:limit:)``, for long programs: no thread waits for it, and cancelling the
  /// task ends it.
  package static func follow(
    _ program: String, _ arguments: [String], folder: String? = nil, environment: [String: String] = [:],
    limit: Duration = longest
  ) async throws -> Result {
    var running = try Running(program, arguments, input: nil, folder: folder, environment: environment, limit: limit)
    do {
      while true {
        if let result = try running.result() { return result }
        try await Task.sleep(for: .milliseconds(10))
      }
    } catch let error as CancellationError {
      running.end()
      throw error
    }
  }

  /// Longer than any program of a test takes.
  package static let longest = Duration.seconds(600)

  /// A program did not end in time.
  package struct StillRunning: Error, CustomStringConvertible {
    package let description: String
  }

  /// A program that was started, with its streams in files.
  private struct Running {
    private let words: String
    private let scratch: TemporaryFolder
    private let process: pid_t
    private let limit: Duration
    private let start = ContinuousClock.now
    private var peak = 0

    init(
      _ program: String, _ arguments: [String], input: [UInt8]?, folder: String?, environment: [String: String],
      limit: Duration
    ) throws {
      words = ([program] + arguments).joined(separator: " ")
      self.limit = limit
      scratch = try TemporaryFolder()
      process = try spawn(
        folder == nil ? program : "env", folder.map { ["-C", $0, program] + arguments } ?? arguments,
        input: scratch.write("input", input ?? []), output: scratch.file("output"), errors: scratch.file("errors"),
        environment: environment)
    }

    /// How it ended; nil while it runs. Throws ``StillRunning`` if it runs for too long, and ends it.
    mutating func result() throws -> Result? {
      var status: Int32 = 0
      // wait4 reports at least the memory of this process, from which the other one was forked.
      guard waitpid(process, &status, WNOHANG) == 0 else {
        return Result(
          status: status & 0x7F == 0 ? (status >> 8) & 0xFF : -1, output: try scratch.read("output"),
          errors: String(decoding: try scratch.read("errors"), as: UTF8.self), peakKiB: peak)
      }
      peak = peakKiB(of: process) ?? peak
      guard .now - start > limit else { return nil }
      end()
      let said = ["output", "errors"].compactMap { try? scratch.read($0) }.joined()
      throw StillRunning(
        description: "after \(limit) this still ran: \(words)\n\(String(decoding: said, as: UTF8.self))")
    }

    func end() {
      kill(process, SIGKILL)
      waitpid(process, nil, 0)
    }
  }

  /// Nil if it has ended. Reads without Foundation, because every wait for a program does this hundreds of times a
  /// second.
  private static func peakKiB(of process: pid_t) -> Int? {
    let file = open("/proc/\(process)/status", O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 4096) { text in
      guard let start = text.baseAddress else { return nil }
      let count = read(file, start, text.count - 1)
      guard count > 0 else { return nil }
      start[count] = 0
      guard let line = strstr(start, "VmHWM:") else { return nil }
      return strtol(line + 6, nil, 10)
    }
  }

  /// Starts a program with its streams in files; the caller waits for it.
  ///
  /// It has this process's environment, and `environment` over it. A pipeline file runs in its own folder, because it
  /// may write only below the working folder.
  package static func spawn(
    _ program: String, _ arguments: [String], input: String, output: String, errors: String,
    environment: [String: String] = [:]
  ) throws -> pid_t {
    if program == Places.tool, arguments.first == "run", arguments.count > 1, arguments[1].hasPrefix("/") {
      let folder = URL(fileURLWithPath: arguments[1]).deletingLastPathComponent().path
      return try spawn(
        "env", ["-C", folder, program] + arguments, input: input, output: output, errors: errors,
        environment: environment)
    }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT, 0o600)
    // The threads of tests may block signals that the program must receive.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    var words = ([program] + arguments).map { strdup($0) } + [nil]
    let inherited = ProcessInfo.processInfo.environment
    var settings = inherited.merging(environment) { $1 }.map { strdup("\($0)=\($1)") } + [nil]
    defer { for word in words + settings { free(word) } }
    var process = pid_t()
    let failure = posix_spawnp(&process, program, &actions, &attributes, &words, &settings)
    guard failure == 0 else { throw POSIXError(POSIXErrorCode(rawValue: failure) ?? .EIO) }
    return process
  }

  /// Whether a program of that name is on the path.
  package static func exists(_ program: String) -> Bool {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    return path.split(separator: ":").contains { access("\($0)/\(program)", X_OK) == 0 }
  }
}
