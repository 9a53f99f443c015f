import Synchronization

/// Pipes that are waiting for their writers, so that a stalled writer is shown to the user.
package enum PipeWaits {
  /// A wait in progress.
  package struct Wait: Sendable, Equatable {
    /// The pipe's name for people.
    package let name: String
    /// Bytes read before the wait.
    package let bytes: Int
    package let seconds: Double

    package var text: String { "no bytes for \(Int(seconds)) s from \(name), after \(bytes) bytes" }
  }

  private static let started = Mutex<[ObjectIdentifier: (name: String, bytes: Int, since: SuspendingClock.Instant)]>([:]
  )
  private static let names = Mutex<[String: String]>([:])

  /// The longest current wait, or nil if there is none.
  package static var longest: Wait? {
    let first = started.withLock { $0.values.min { $0.since < $1.since } }
    return first.map { start in
      let name = names.withLock { $0[start.name] } ?? (start.name == "-" ? "standard input" : start.name)
      return Wait(name: name, bytes: start.bytes, seconds: (SuspendingClock.now - start.since) / .seconds(1))
    }
  }

  /// Sets the name to show for a pipe; nil restores its own.
  package static func call(_ pipe: String, _ name: String?) { names.withLock { $0[pipe] = name } }

  static func begin(_ reader: AnyObject, _ name: String, bytes: Int, since: SuspendingClock.Instant) {
    started.withLock { $0[ObjectIdentifier(reader)] = (name, bytes, since) }
  }

  static func end(_ reader: AnyObject) { started.withLock { $0[ObjectIdentifier(reader)] = nil } }
}
