import Foundation

/// What a path names, however it is spelt and whether or not it is there yet.
struct FileIdentity: Hashable {
  /// Absolute, with every link followed.
  let path: String
  /// Device and number of the file, where there is one: the same for all of its hard links.
  let file: [UInt64]?

  init(_ path: String) {
    self.path = Self.resolve(path, links: 0)
    var status = stat()
    file = stat(path, &status) == 0 ? [UInt64(status.st_dev), UInt64(status.st_ino)] : nil
  }

  /// More links than this, one leading to the next, are a loop.
  private static let maximumLinks = 40

  /// Follows the links of what is there; what is not there yet stays as it is spelt, without `.` and `..`.
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
