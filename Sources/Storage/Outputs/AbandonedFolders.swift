import Foundation
import SystemPackage

/// Folders for temporary files say in a file whose they are, so that those of runs that were killed can be removed by the
/// next.
///
/// Removed is only what this user owns and nobody else can write, is a folder and no link to one, is named like ours, and
/// whose owner is known to be dead: a process of another machine may live.
enum AbandonedFolders {
  static let prefix = "collapse-"
  private static let owner = ".owner"

  /// Says that a new folder is this process's. One that cannot be signed is never taken for abandoned.
  static func sign(_ folder: String) {
    guard let bytes = try? JSONEncoder().encode(ProcessIdentity.current),
      let file = try? FileDescriptor.open(
        FilePath(folder).appending(owner), .writeOnly, options: [.create, .exclusiveCreate, .noFollow, .closeOnExec],
        permissions: .ownerReadWrite)
    else { return }
    _ = try? file.closeAfter { try file.writeAll(bytes) }
  }

  static func remove(in parent: String) {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? [] where name.hasPrefix(prefix) {
      let folder = parent + "/" + name
      if isOurs(folder), signature(folder)?.presence == .gone { try? FileManager.default.removeItem(atPath: folder) }
    }
  }

  private static func isOurs(_ folder: String) -> Bool {
    var status = stat()
    return lstat(folder, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR && status.st_uid == geteuid()
      && status.st_mode & 0o022 == 0
  }

  private static func signature(_ folder: String) -> ProcessIdentity? {
    guard
      let file = try? FileDescriptor.open(
        FilePath(folder).appending(owner), .readOnly, options: [.noFollow, .nonBlocking, .closeOnExec])
    else { return nil }
    let bytes = try? file.closeAfter {
      var bytes = [UInt8](repeating: 0, count: 1 << 12)
      let count = try bytes.withUnsafeMutableBytes { try file.read(into: $0) }
      return Data(bytes[..<count])
    }
    return bytes.flatMap { try? JSONDecoder().decode(ProcessIdentity.self, from: $0) }
  }
}
