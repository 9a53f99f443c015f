import Support

/// Temporary files and folders that belong to a process, not to an output: `collapse-OWNER-TOKEN`. The name identifies
/// the process, so later runs can remove those of processes that were killed at any moment.
///
/// Only those of a process of this machine are removed, because one on another machine may be alive.
enum AbandonedFiles {
  private static let prefix = "collapse-"

  /// A new name that records this process as the owner.
  static func newName() -> String { "\(prefix)\(ProcessIdentity.current.tag)-\(OutputFiles.token())" }

  static func remove(in parent: String) {
    for name in (try? Files.names(in: parent)) ?? [] { remove(name, in: parent) }
  }

  /// Removes `name` from `parent` if its owner is dead. Links are not followed.
  static func remove(_ name: String, in parent: String) {
    guard name.hasPrefix(prefix), let end = name.lastIndex(of: "-"),
      ProcessIdentity.hasEnded(name[..<end].dropFirst(prefix.count))
    else { return }
    let path = Files.path(parent, name)
    if isPrivate(path) { Files.remove(path) }
  }

  /// Whether it is a file or folder of this user that nobody else can write.
  static func isPrivate(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && [S_IFDIR, S_IFREG].contains(status.st_mode & S_IFMT)
      && status.st_uid == geteuid() && status.st_mode & 0o022 == 0
  }
}
