import Foundation

/// Which process: on which machine, since when, and whose. What lock files, status files and scratch folders say of their
/// owner.
public struct ProcessIdentity: Codable, Equatable, Sendable {
  public let host: String
  /// Changes with every start of the machine; a host name alone may be given twice.
  public let boot: String
  /// Process numbers mean something only within it: containers of one machine have one each.
  public let namespace: String
  public let pid: Int32
  /// When the process began, in ticks since the machine did: a number that is used again has another.
  public let start: UInt64
  public let user: String

  /// Whether a process still runs, as far as it can be told from here.
  public enum Presence: Sendable, Equatable {
    case alive, gone
    /// It is, or was, where processes cannot be seen from here.
    case elsewhere
  }

  /// This process.
  public static let current = ProcessIdentity(
    host: ProcessInfo.processInfo.hostName, boot: text(of: "/proc/sys/kernel/random/boot_id"),
    namespace: (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/pid")) ?? "",
    pid: getpid(), start: Self.start(of: getpid()) ?? 0, user: NSUserName().isEmpty ? "user \(getuid())" : NSUserName())

  public init(host: String, boot: String, namespace: String, pid: Int32, start: UInt64, user: String) {
    (self.host, self.boot, self.namespace, self.pid, self.start) = (host, boot, namespace, pid, start)
    self.user = user
  }

  /// Whether it still runs. No clock is asked.
  public var presence: Presence {
    let here = Self.current
    guard host == here.host, boot == here.boot, namespace == here.namespace, !boot.isEmpty else { return .elsewhere }
    return Self.start(of: pid) == start ? .alive : .gone
  }

  /// `pid 4711 of ana on node3`.
  public var description: String { "pid \(pid) of \(user) on \(host)" }

  /// When a process began; nil where there is none, or it has ended and only waits to be asked about.
  private static func start(of pid: Int32) -> UInt64? {
    // The name in parentheses may hold anything; what follows it are numbers, but for the state.
    let line = text(of: "/proc/\(pid)/stat")
    guard let end = line.lastIndex(of: ")") else { return nil }
    let fields = line[line.index(after: end)...].split(separator: " ")
    guard fields.count > 19, !["Z", "X"].contains(fields[0]) else { return nil }
    return UInt64(fields[19])
  }

  private static func text(of file: String) -> String {
    let bytes = FileManager.default.contents(atPath: file) ?? Data()
    return String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
