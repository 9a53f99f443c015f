import Synchronization

/// Pipes whose writers are waited for, so that one that stalls is shown, and not waited for in silence.
public enum PipeWaits {
  /// A wait that goes on.
  public struct Wait: Sendable, Equatable {
    /// The pipe, as people know it.
    public let name: String
    /// Bytes that came before it.
    public let bytes: Int
    public let seconds: Double

    public var text: String { "no bytes for \(Int(seconds)) s from \(name), after \(bytes) bytes" }
  }

  private static let started = Mutex<[ObjectIdentifier: (name: String, bytes: Int, since: SuspendingClock.Instant)]>([:]
  )
  private static let names = Mutex<[String: String]>([:])

  /// The wait that has gone on longest; nil where nothing is waited for.
  public static var longest: Wait? {
    let first = started.withLock { $0.values.min { $0.since < $1.since } }
    return first.map { start in
      let name = names.withLock { $0[start.name] } ?? (start.name == "-" ? "standard input" : start.name)
      return Wait(name: name, bytes: start.bytes, seconds: (SuspendingClock.now - start.since) / .seconds(1))
    }
  }

  /// Has a pipe called by another name, or by its own again.
  public static func call(_ pipe: String, _ name: String?) { names.withLock { $0[pipe] = name } }

  static func begin(_ reader: AnyObject, _ name: String, bytes: Int, since: SuspendingClock.Instant) {
    started.withLock { $0[ObjectIdentifier(reader)] = (name, bytes, since) }
  }

  static func end(_ reader: AnyObject) { started.withLock { $0[ObjectIdentifier(reader)] = nil } }
}
