import ArgumentParser
import Engine
import Foundation
import Plan
import Support

/// Exit statuses, as in sysexits.
enum ExitStatus {
  static let failed: Int32 = 1
  static let usage: Int32 = 64
  static let badInput: Int32 = 65
  static let interrupted: Int32 = 75

  /// Prints the error on standard error and ends the process with its status.
  static func exit(with error: any Error) -> Never {
    guard let status = status(of: error) else { exit(withUsage: error) }
    ConsoleLog.fail(error is CancellationError ? "\(InterruptedCommand(next: .startsOver))" : "\(error)")
    // Not `exit`: it would tear down libraries that other threads may still be using.
    _exit(status)
  }

  /// Ends the process as the argument parser does: with help, the version, or what is wrong with an argument.
  private static func exit(withUsage error: any Error) -> Never {
    guard !Collapse.exitCode(for: error).isSuccess else { Collapse.exit(withError: error) }
    StandardStreams.writeError(VisibleText.lines(Collapse.fullMessage(for: error)) + "\n")
    _exit(Collapse.exitCode(for: error).rawValue)
  }

  /// The status of one of our errors; nil for the argument parser's, which have their own.
  private static func status(of error: any Error) -> Int32? {
    switch error {
    case is CancellationError, is InterruptedCommand: interrupted
    case let error as PipelineError: error.isShortage ? failed : error.isUsage ? usage : badInput
    case let error as any DiagnosedError: error.isUsage ? usage : error.isBadInput ? badInput : failed
    default: nil
    }
  }
}
