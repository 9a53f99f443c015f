import Foundation

/// Identifies a process by machine, start time and user. Lock files, status files and scratch folders record their
/// owner with it.
package struct ProcessIdentity: Codable, Equatable, Sendable {
  package let host: String
  /// Changes at every boot. A host name alone may not be unique.
  package let boot: String
  /// The namespace in which the process id is valid. Each container on a machine has its own.
  package let namespace: String
  package let pid: Int32
  /// When the process started, in ticks since boot. It tells apart processes that reuse an id.
  package let start: UInt64
  package let user: String

  /// Whether a process still runs, as far as this process can tell.
  package enum Presence: Sendable, Equatable {
    case alive, gone
    /// On a machine or in a container whose processes are not visible from here.
    case elsewhere
  }

  /// This process.
  package static let current = ProcessIdentity(
    host: ProcessInfo.processInfo.hostName, boot: text(of: "/proc/sys/kernel/random/boot_id"),
    namespace: (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/pid")) ?? "",
    pid: getpid(), start: (try? Self.start(of: getpid())) ?? 0,
    user: NSUserName().isEmpty ? "user \(getuid())" : NSUserName())

  package init(host: String, boot: String, namespace: String, pid: Int32, start: UInt64, user: String) {
    (self.host, self.boot, self.namespace, self.pid, self.start) = (host, boot, namespace, pid, start)
    self.user = user
  }

  /// Whether the process still runs. Uses no clock.
  package var presence: Presence {
    let here = Self.current
    guard host == here.host, boot == here.boot, namespace == here.namespace, !boot.isEmpty else { return .elsewhere }
    do {
      if let now = try Self.start(of: pid) { return now == start ? .alive : .gone }
    } catch {
      // Without a descriptor to look with, nothing is known of it.
      return .elsewhere
    }
    // Where /proc hides the processes of other users, they still refuse signals.
    return kill(pid, 0) != 0 && errno == EPERM ? .elsewhere : .gone
  }

  /// `pid 4711 of ana on node3`.
  package var description: String { "pid \(pid) of \(user) on \(host)" }

  /// Identifies the process in the name of a file.
  var tag: String { "\(machine)-\(pid)-\(start)" }

  /// Whether a tag is that of a process of this machine that has ended.
  static func hasEnded(_ tag: Substring) -> Bool {
    let parts = tag.split(separator: "-", omittingEmptySubsequences: false)
    let here = Self.current
    guard parts.count == 3, parts[0] == here.machine, let pid = Int32(parts[1]), let start = UInt64(parts[2]) else {
      return false
    }
    let owner = ProcessIdentity(
      host: here.host, boot: here.boot, namespace: here.namespace, pid: pid, start: start, user: here.user)
    return owner.presence == .gone
  }

  private var machine: String {
    let checksum = Checksum()
    for text in [host, boot, namespace] { checksum.update(text + "\n") }
    return String(checksum.value.prefix(16))
  }

  /// When a process started; nil if there is no such process or it is a zombie.
  private static func start(of pid: Int32) throws -> UInt64? {
    // The name in parentheses may contain anything. After it come the state and numbers.
    let line = try read("/proc/\(pid)/stat")
    guard let end = line.lastIndex(of: ")") else { return nil }
    let fields = line[line.index(after: end)...].split(separator: " ")
    guard fields.count > 19, !["Z", "X"].contains(fields[0]) else { return nil }
    return UInt64(fields[19])
  }

  private static func text(of file: String) -> String { (try? read(file)) ?? "" }

  private static func read(_ file: String) throws -> String {
    let bytes = try Files.contents(of: file) ?? Data()
    return String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
