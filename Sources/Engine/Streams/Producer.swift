import Storage
import Subprocess
import Support
import SystemPackage

/// A program whose standard output is a stream, run by `/bin/sh -c`. Its standard error is this process's own.
///
/// It leads a process group of its own, which is ended (SIGTERM, SIGKILL five seconds later) where the run fails or is
/// cancelled. A stream is whole only where the program then exits with 0, which is waited for. One whose stream ended too
/// soon has five seconds to end by itself, and so to say why.
package struct Producer: Sendable {
  /// What the shell is given.
  let line: String

  private static let teardown: [TeardownStep] = [
    .gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: .seconds(5))
  ]

  /// Starts the program, and lets `body` read its output, which is called `input`, to the end.
  ///
  /// Throws ``RunError`` where the program cannot be started, exits with another status than 0, or is killed; else what
  /// `body` throws, with the command for the name of its input.
  ///
  /// - Parameter meter: knows how many rows arrived so far.
  func feeding<Result: Sendable>(
    _ meter: Meter, _ body: @escaping @Sendable (_ input: String) async throws -> Result
  ) async throws -> Result {
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
        .path("/bin/sh"), arguments: ["-c", line], platformOptions: options, input: .none,
        output: .fileDescriptor(pipe.writeEnd, closeAfterSpawningProcess: true),
        error: .fileDescriptor(.standardError, closeAfterSpawningProcess: false)
      ) { execution -> StreamEnd<Result> in
        do {
          return .whole(try await body(input))
        } catch {
          if Self.isEnd(error), await Self.endsByItself(execution.processIdentifier.value) {
            // What it started in its group may be there yet.
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
        file: name, expected: "to run it by /bin/sh", found: "\(error)", advice: "check that it runs in a shell")
    }
    switch done.end {
    case .whole(let result):
      if done.status.isSuccess { return result }
      // Ended with the run, whose end it does not explain.
      try Task.checkCancellation()
      throw died(done.status, "after the last batch", meter.reading.rows)
    case .short(let error) where !done.status.isSuccess:
      try Task.checkCancellation()
      let isEmpty = (error as? StreamError)?.kind == .empty
      throw died(done.status, isEmpty ? "before any batch" : "in the middle of a batch", meter.reading.rows)
    case .short(let error), .stopped(let error):
      try Task.checkCancellation()
      throw NamedInput.naming(input, name, error)
    }
  }

  /// How a program's stream ended.
  private enum StreamEnd<Result: Sendable>: Sendable {
    case whole(Result)
    /// Too soon, and the program has ended by itself.
    case short(any Error)
    /// Too soon, or by an error, and the program was ended.
    case stopped(any Error)
  }

  /// Whether a program ends within five seconds. It is left to be waited for.
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

  /// In messages.
  private var name: String { "the command “\(line.prefix(80))\(line.count > 80 ? "…" : "")”" }

  private static func isEnd(_ error: any Error) -> Bool {
    guard let error = error as? StreamError else { return false }
    return error.kind == .truncated || error.kind == .empty
  }

  private func died(_ status: TerminationStatus, _ place: String, _ rows: Int) -> RunError {
    let end =
      switch status {
      case .exited(let code): "exit status \(code)"
      case .signaled(let signal): "the end by signal \(signal) (\(String(cString: strsignal(signal))))"
      }
    return RunError(
      file: name, expected: "exit status 0 after the last batch", found: "\(end) \(place), after \(rows) rows",
      advice: "see what it said above, mend it, and run again")
  }
}

/// An error about an input that people know by another name.
struct NamedInput: DiagnosedError {
  let diagnosis: Diagnosis
  let isBadInput: Bool

  /// The error, with `name` in place of `input`.
  static func naming(_ input: String, _ name: String, _ error: any Error) -> any Error {
    guard let error = error as? any DiagnosedError, error.diagnosis.file == input else { return error }
    var diagnosis = error.diagnosis
    diagnosis.file = name
    return NamedInput(diagnosis: diagnosis, isBadInput: error.isBadInput)
  }
}
