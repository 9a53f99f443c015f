import Synchronization

/// Pipes that are waiting for their writers, or their readers if they are outputs, so that a stall is shown to the user.
package enum PipeWaits {
  /// A wait in progress.
  package struct Wait: Sendable, Equatable {
    /// The pipe's name for people.
    package let name: String
    /// Bytes read, or taken by the reader, before the wait.
    package let bytes: Int
    package let seconds: Double
    /// Whether its reader is waited for.
    package var isOutput = false

    package var text: String {
      isOutput
        ? "no reader took bytes from \(name) for \(Int(seconds)) s, after \(bytes) bytes"
        : "no bytes for \(Int(seconds)) s from \(name), after \(bytes) bytes"
    }
  }

  private struct Start {
    let name: String
    let bytes: Int
    let since: SuspendingClock.Instant
    let isOutput: Bool
  }

  private static let started = Mutex<[ObjectIdentifier: Start]>([:])
  private static let names = Mutex<[String: String]>([:])

  /// The longest current wait, or nil if there is none.
  package static var longest: Wait? {
    let first = started.withLock { $0.values.min { $0.since < $1.since } }
    return first.map { start in
      let name = names.withLock { $0[start.name] } ?? (start.name == "-" ? "standard input" : start.name)
      return Wait(
        name: name, bytes: start.bytes, seconds: (SuspendingClock.now - start.since) / .seconds(1),
        isOutput: start.isOutput)
    }
  }

  /// Sets the name to show for a pipe; nil restores its own.
  package static func call(_ pipe: String, _ name: String?) { names.withLock { $0[pipe] = name } }

  static func begin(
    _ reader: AnyObject, _ name: String, bytes: Int, since: SuspendingClock.Instant, isOutput: Bool = false
  ) {
    let start = Start(name: name, bytes: bytes, since: since, isOutput: isOutput)
    started.withLock { $0[ObjectIdentifier(reader)] = start }
  }

  static func end(_ reader: AnyObject) { started.withLock { $0[ObjectIdentifier(reader)] = nil } }
}
