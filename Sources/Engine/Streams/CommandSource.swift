import Storage
import Subprocess
import Support
import SystemPackage

/// A program whose standard output is a stream. It runs through `/bin/sh -c` and shares this process's standard error.
///
/// It leads its own process group. If the run fails or is cancelled, the group is ended with SIGTERM, and five seconds
/// later with SIGKILL. A stream counts as complete only if the program then exits with status 0. If its stream ends too
/// soon, the program has five seconds to end and report why.
package struct CommandSource: Sendable {
  /// The command line for the shell.
  let line: String

  private static let teardown: [TeardownStep] = [
    .gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: .seconds(5))
  ]

  /// Starts the program and lets `body` read its output, named `input`, to the end.
  ///
  /// Throws ``RunError`` if the program cannot be started, exits with a nonzero status, or is killed. Otherwise
  /// rethrows the error of `body`, with the command as the name of its input.
  ///
  /// - Parameter meter: counts the rows that arrived.
  func feeding<Result: Sendable>(
    _ meter: Meter, _ body: @escaping @Sendable (_ input: String) async throws -> Result
  ) async throws -> Result {
    guard !FileName.hasZero(line) else {
      throw RunError(
        file: name, expected: "a command without the character U+0000", found: "one",
        advice: "remove it: the shell would run only what comes before it")
    }
    let pipe = try FileDescriptor.pipe()
    defer { try? pipe.readEnd.close() }
    for end in [pipe.readEnd, pipe.writeEnd] { _ = fcntl(end.rawValue, F_SETFD, FD_CLOEXEC) }
    let input = "/dev/fd/\(pipe.readEnd.rawValue)"
    PipeWaits.call(input, name)
    defer { PipeWaits.call(input, nil) }
    var options = PlatformOptions()
    options.processGroupID = 0
    options.teardownSequence = Self.teardown
    let done: (status: TerminationStatus, end: StreamEnd<Result>)
    do {
      let run = try await Subprocess.run(
        .path("/bin/sh"), arguments: Arguments(["-c", line].map { FileName.bytes($0) + [0] }), platformOptions: options,
        input: .none,
        output: .fileDescriptor(pipe.writeEnd, closeAfterSpawningProcess: true),
        error: .fileDescriptor(.standardError, closeAfterSpawningProcess: false)
      ) { execution -> StreamEnd<Result> in
        do {
          return .whole(try await body(input))
        } catch {
          if Self.isEnd(error), await Self.endsByItself(execution.processIdentifier.value) {
            // Processes it started in its group may still be running.
            try? execution.send(signal: .terminate, toProcessGroup: true)
            return .short(error)
          }
          await execution.teardown(using: Self.teardown)
          return .stopped(error)
        }
      }
      done = (run.terminationStatus, run.closureResult)
    } catch let error as SubprocessError {
      throw RunError(
        file: name, expected: "/bin/sh to run it", found: "\(error)", advice: "check that it runs in a shell")
    }
    switch done.end {
    case .whole(let result):
      if done.status.isSuccess { return result }
      // It was ended with the run, so its status explains nothing.
      try Task.checkCancellation()
      throw died(done.status, "after the last batch", meter.reading.rows)
    case .short(let error) where !done.status.isSuccess:
      try Task.checkCancellation()
      let isEmpty = (error as? StreamError)?.kind == .empty
      throw died(done.status, isEmpty ? "before any batch" : "in the middle of a batch", meter.reading.rows)
    case .short(let error), .stopped(let error):
      try Task.checkCancellation()
      guard let error = error as? any DiagnosedError, error.diagnosis.file == input else { throw error }
      throw RewordedError(error) { $0.file = name }
    }
  }

  /// How a program's stream ended.
  private enum StreamEnd<Result: Sendable>: Sendable {
    case whole(Result)
    /// Ended too soon; the program has exited.
    case short(any Error)
    /// Ended too soon or with an error; the program was ended.
    case stopped(any Error)
  }

  /// Whether a program exits within five seconds. Leaves it to be reaped later.
  private static func endsByItself(_ process: pid_t) async -> Bool {
    let end = ContinuousClock.now + .seconds(5)
    while ContinuousClock.now < end, !Task.isCancelled {
      var ended = siginfo_t()
      guard waitid(P_PID, id_t(process), &ended, WEXITED | WNOHANG | WNOWAIT) == 0, ended.si_signo == 0 else {
        return true
      }
      try? await Task.sleep(for: .milliseconds(20))
    }
    return false
  }

  /// Its name in messages.
  private var name: String { "the command “\(line.prefix(80))\(line.count > 80 ? "…" : "")”" }

  private static func isEnd(_ error: any Error) -> Bool {
    guard let error = error as? StreamError else { return false }
    return error.kind == .truncated || error.kind == .empty
  }

  private func died(_ status: TerminationStatus, _ place: String, _ rows: Int) -> RunError {
    let end =
      switch status {
      case .exited(let code): "exit status \(code)"
      case .signaled(let signal): "termination by signal \(signal) (\(String(cString: strsignal(signal))))"
      }
    return RunError(
      file: name, expected: "exit status 0 after the last batch", found: "\(end) \(place), after \(rows) rows",
      advice: "see its messages above, fix it, and run again")
  }
}
