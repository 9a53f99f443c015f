import CProcess
import Foundation
import Plan

/// The priority of this process when others want the processor or the disk too.
enum ProcessPriority {
  /// Disk priority.
  enum InputOutput: Equatable, OptionValue {
    /// Only when nobody else wants the disk.
    case idle
    /// The usual class, from level 0 (first) to 7 (last).
    case bestEffort(Int)

    init?(_ text: String) {
      switch text {
      case "idle": self = .idle
      case "best-effort": self = .bestEffort(4)
      default:
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0] == "best-effort", let level = Int(parts[1]), 0...7 ~= level else { return nil }
        self = .bestEffort(level)
      }
    }

    static var optionType: OptionType { .text }

    static func decode(_ text: Located<String>, _ spec: OptionSpec, _ decoder: inout OptionDecoder) -> InputOutput? {
      if let priority = InputOutput(text.value) { return priority }
      decoder.refuse(text, spec, expected: "idle or best-effort:0 to best-effort:7", example: "idle")
      return nil
    }

    /// Encoded for ioprio_set(2).
    var number: Int32 {
      switch self {
      case .idle: 3 << 13
      case .bestEffort(let level): 2 << 13 | Int32(level)
      }
    }
  }

  /// The niceness of this thread.
  static var niceness: Int32 { getpriority(process, 0) }

  /// Raises the niceness of all threads to at least `niceness`. Their child threads inherit it.
  ///
  /// Dispatch may set its own niceness on threads with a quality of service, so this is repeated now and then.
  static func lower(to niceness: Int32) throws {
    for thread in threads {
      errno = 0
      let now = getpriority(process, id_t(thread))
      guard errno != ESRCH, now < niceness else { continue }
      guard setpriority(process, id_t(thread), niceness) == 0 || errno == ESRCH else { throw refusal("--nice", errno) }
    }
  }

  private static let process = Int32(PRIO_PROCESS.rawValue)

  /// Sets the disk priority of all threads.
  static func set(_ priority: InputOutput) throws {
    for thread in threads {
      let failure = collapse_set_io_priority(thread, priority.number)
      guard failure == 0 || failure == ESRCH else { throw refusal("--ionice", failure) }
    }
  }

  /// Linux sets both per thread.
  private static var threads: [Int32] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? []
    return names.isEmpty ? [0] : names.compactMap { Int32($0) }
  }

  private static func refusal(_ option: String, _ failure: Int32) -> RunError {
    RunError(
      expected: "to set \(option)", found: String(cString: strerror(failure)),
      advice: failure == ENOTSUP || failure == ENOSYS
        ? "omit it: this system does not support it" : "omit it, or start the program with another priority")
  }
}
