import Support

/// Identifies the file behind a path, however the path is spelled, even if the file does not exist yet.
package struct FileIdentity: Hashable, Sendable {
  /// Absolute path with all links resolved.
  package let path: String
  /// Device and inode, if the file exists; the same for all its hard links.
  package let file: [UInt64]?

  package init(_ path: String) {
    self.path = Files.resolved(path)
    file = Files.status(path).map { [UInt64($0.st_dev), UInt64($0.st_ino)] }
  }
}

/// Identifies the content of a file without reading it: any write, replacement or renaming changes it.
struct StandingFile: Equatable, Sendable {
  let file: [UInt64]
  let size: Int
  private let times: [Int]

  /// Nil if there is no regular file at the path; links are followed.
  init?(_ path: String) {
    guard let status = Files.status(path), status.st_mode & S_IFMT == S_IFREG else { return nil }
    file = [UInt64(status.st_dev), UInt64(status.st_ino)]
    size = Int(status.st_size)
    #if canImport(Glibc)
      let (written, changed) = (status.st_mtim, status.st_ctim)
    #else
      let (written, changed) = (status.st_mtimespec, status.st_ctimespec)
    #endif
    times = [written.tv_sec, Int(written.tv_nsec), changed.tv_sec, Int(changed.tv_nsec)]
  }
}
