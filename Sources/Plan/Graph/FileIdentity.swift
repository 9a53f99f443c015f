import Foundation

/// Identifies the file behind a path, however the path is spelled, even if the file does not exist yet.
struct FileIdentity: Hashable {
  /// Absolute path with all links resolved.
  let path: String
  /// Device and inode, if the file exists; the same for all its hard links.
  let file: [UInt64]?

  init(_ path: String) {
    self.path = Self.resolve(path, links: 0)
    var status = stat()
    file = stat(path, &status) == 0 ? [UInt64(status.st_dev), UInt64(status.st_ino)] : nil
  }

  /// A longer chain of links is a loop.
  private static let maximumLinks = 40

  /// Resolves the links of the parts that exist. The rest stays as spelled, without `.` and `..`.
  private static func resolve(_ path: String, links: Int) -> String {
    let path = path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    if let resolved = realpath(path, nil) {
      defer { free(resolved) }
      return String(cString: resolved)
    }
    let parts = path.split(separator: "/")
    guard let name = parts.last else { return "/" }
    let folder = resolve("/" + parts.dropLast().joined(separator: "/"), links: links)
    if name == "." { return folder }
    if name == ".." { return (folder as NSString).deletingLastPathComponent }
    let whole = (folder as NSString).appendingPathComponent(String(name))
    guard links < maximumLinks, let target = try? FileManager.default.destinationOfSymbolicLink(atPath: whole) else {
      return whole
    }
    return resolve(target.hasPrefix("/") ? target : folder + "/" + target, links: links + 1)
  }
}
