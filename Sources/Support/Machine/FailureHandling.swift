import CProcess
import Foundation

/// What happens if an allocation fails, the program traps, or a library aborts: one line that says so, no locks left
/// behind, and exit status 1.
///
/// Only programs start this, never libraries.
package enum FailureHandling {
  /// Handles failures from now on. Swift's own handler prints pages of backtrace; with `SWIFT_BACKTRACE=enable=yes` in
  /// the environment, it still does so afterwards.
  package static func start(environment: [String: String] = ProcessInfo.processInfo.environment) {
    collapse_handle_failures(wantsBacktrace(environment["SWIFT_BACKTRACE"] ?? "") ? 1 : 0)
  }

  /// Sets the lines to write.
  ///
  /// - Parameters:
  ///   - outOfMemory: the whole line if memory ran out.
  ///   - error: the line otherwise; it gets the name of the signal.
  package static func say(outOfMemory: String, error: (_ signal: String) -> String) {
    let place: Character = "\u{E000}"
    let parts = error(String(place)).split(separator: place, maxSplits: 1, omittingEmptySubsequences: false)
    collapse_set_failure_texts(outOfMemory, String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
  }

  static func wantsBacktrace(_ setting: String) -> Bool {
    setting.split(separator: ",").contains { option in
      let parts = option.split(separator: "=")
      return parts.count == 2 && parts[0] == "enable" && ["yes", "on", "true", "y", "t", "1"].contains(parts[1])
    }
  }
}

/// A file that is removed if the process fails while this exists.
package final class HeldFile: Sendable {
  /// Only passed to C, whose functions any thread may call.
  nonisolated(unsafe) private let file: OpaquePointer?

  /// - Parameter token: text that only this process's own file contains.
  package init(_ path: String, token: String) {
    file = FileName.withBytes(of: path) { collapse_hold_file($0, token) }
  }

  deinit { collapse_let_go(file) }
}
