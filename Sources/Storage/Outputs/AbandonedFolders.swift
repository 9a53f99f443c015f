import Foundation
import SystemPackage

/// Temporary folders record their owner in a file, so that later runs can remove those of killed runs.
///
/// A folder is removed only if it is named like ours, is not a link, belongs to this user and is writable by nobody
/// else. Its owner must also be known to be dead: a process on another machine may be alive.
enum AbandonedFolders {
  static let prefix = "collapse-"
  private static let owner = ".owner"

  /// Records that a new folder belongs to this process. A folder without a record never counts as abandoned.
  static func sign(_ folder: String) {
    guard let bytes = try? JSONEncoder().encode(ProcessIdentity.current),
      let file = try? FileDescriptor.make(FilePath(folder).appending(owner), permissions: .ownerReadWrite)
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
