import Storage
import Support

/// Identifies the file behind a path, however the path is spelled, even if the file does not exist yet.
struct FileIdentity: Hashable {
  /// Absolute path with all links resolved.
  let path: String
  /// Device and inode, if the file exists; the same for all its hard links.
  let file: [UInt64]?

  init(_ path: String) {
    self.path = Files.resolved(path)
    file = Files.status(path).map { [UInt64($0.st_dev), UInt64($0.st_ino)] }
  }
}
