import ArgumentParser
import Foundation
import Plan
import Support

/// Exit statuses, as sysexits names them.
enum Failure {
  static let failed: Int32 = 1
  static let usage: Int32 = 64
  static let badInput: Int32 = 65
  static let interrupted: Int32 = 75

  /// Says what went wrong on standard error and ends the process with the status for it.
  static func exit(with error: any Error) -> Never {
    guard let status = status(of: error) else { Collapse.exit(withError: error) }
    ConsoleLog.fail(error is CancellationError ? "\(Interrupted(next: .startsAnew))" : "\(error)")
    // Not exit: other threads may still be computing, and must not find their libraries torn down.
    _exit(status)
  }

  /// The status of an error of ours; nil for those of the argument parser, which knows its own.
  private static func status(of error: any Error) -> Int32? {
    switch error {
    case is CancellationError, is Interrupted: interrupted
    case let error as PipelineError: error.isUsage ? usage : badInput
    case let error as any DiagnosedError: error.isBadInput ? badInput : failed
    default: nil
    }
  }
}
