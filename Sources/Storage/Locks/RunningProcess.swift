import CProcess
import Foundation
import Support

/// A process of this machine that a file names, which may have been written by anyone.
package struct RunningProcess: Sendable {
  private let owner: ProcessIdentity

  package init(_ owner: ProcessIdentity) { self.owner = owner }

  /// Why a process is not asked to stop.
  package struct Refusal: Error {
    /// Completes “pid 4711 of ana on node3, …”.
    package let reason: String
  }

  /// Sends SIGTERM to the process if it is a run of this program and user that writes `output`.
  ///
  /// Throws ``Refusal`` if that cannot be shown. The process is held by a descriptor while it is checked, so the signal
  /// cannot reach another process that has come to have its id.
  package func stop(writing output: String) throws {
    guard owner.pid > 1, owner.pid != getpid() else { throw Refusal(reason: "which is no run") }
    let descriptor = collapse_open_process(owner.pid)
    defer { if descriptor >= 0 { close(descriptor) } }
    guard owner.presence == .alive else { throw Refusal(reason: "which has ended") }
    let users = Self.users(of: owner.pid)
    guard users.count >= 2, users.prefix(2).allSatisfy({ $0 == geteuid() }) else {
      throw Refusal(reason: "which is not a process of user \(geteuid())")
    }
    guard let program = Self.program(of: owner.pid), program == Self.program(of: getpid()) || program == Self.name
    else {
      throw Refusal(reason: "which is not collapse but \(Self.program(of: owner.pid) ?? "an unknown program")")
    }
    guard holdsLock(of: output) else { throw Refusal(reason: "which does not hold the file's lock") }
    let result = descriptor >= 0 ? collapse_signal_process(descriptor, SIGTERM) : kill(owner.pid, SIGTERM)
    guard result == 0 else { throw Refusal(reason: "which could not be told: \(String(cString: strerror(errno)))") }
  }

  /// Whether the lock of an output names the process, and the process has it open. Anyone can write the file, but only
  /// the kernel says who has it open.
  private func holdsLock(of output: String) -> Bool {
    let path = OutputFiles(output).lock
    var lock = stat()
    guard lstat(path, &lock) == 0, lock.st_mode & S_IFMT == S_IFREG, lock.st_size <= Self.longestRecord,
      let bytes = try? Files.contents(of: path), LockRecord(Array(bytes))?.owner == owner
    else { return false }
    let folder = "/proc/\(owner.pid)/fd"
    return ((try? Files.names(in: folder)) ?? []).contains { name in
      let file = Files.status("\(folder)/\(name)")
      return file?.st_dev == lock.st_dev && file?.st_ino == lock.st_ino
    }
  }

  /// In bytes.
  private static let longestRecord = 1 << 13

  /// The name of this program's executable, unless the user has renamed it.
  private static let name = "collapse"

  /// The real, effective, saved and file-system user of a process; empty if unknown.
  private static func users(of pid: Int32) -> [uid_t] {
    let status = String(decoding: (try? Files.contents(of: "/proc/\(pid)/status")) ?? Data(), as: UTF8.self)
    let line = status.split(separator: "\n").first { $0.hasPrefix("Uid:") } ?? ""
    return line.split(separator: "\t").dropFirst().compactMap { uid_t($0) }
  }

  /// The name of a process's executable, which may have been replaced since it started; nil if unknown.
  private static func program(of pid: Int32) -> String? {
    guard let path = Files.target(ofLink: "/proc/\(pid)/exe") else { return nil }
    let replaced = " (deleted)"
    return ((path.hasSuffix(replaced) ? String(path.dropLast(replaced.count)) : path) as NSString).lastPathComponent
  }
}
