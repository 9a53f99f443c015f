import Foundation
import Support
import SystemPackage

/// Looks at files and folders by name (``FileName``). Foundation's functions know only names in UTF-8.
package enum Files {
  /// Whether there is a file or folder of this name, behind any links.
  package static func exists(_ name: String) -> Bool { status(name) != nil }

  package static func isFolder(_ name: String) -> Bool { kind(of: name) == S_IFDIR }

  /// The bytes of a regular file, behind any links; nil for anything else.
  package static func size(of name: String) -> Int? {
    status(name).flatMap { $0.st_mode & S_IFMT == S_IFREG ? Int($0.st_size) : nil }
  }

  /// `S_IFREG`, `S_IFDIR` and so on; nil if there is nothing of this name.
  static func kind(of name: String) -> mode_t? { status(name).map { $0.st_mode & S_IFMT } }

  /// Seconds since a file was last written, by this machine's clock.
  package static func age(of name: String) -> Double? {
    #if canImport(Glibc)
      let time = status(name)?.st_mtim
    #else
      let time = status(name)?.st_mtimespec
    #endif
    return time.map { Date.now.timeIntervalSince1970 - Double($0.tv_sec) - Double($0.tv_nsec) / 1e9 }
  }

  /// What the system says about a file, behind any links.
  package static func status(_ name: String) -> stat? {
    var status = stat()
    return stat(name, &status) == 0 ? status : nil
  }

  /// All bytes of a regular file; nil if no such file exists. Throws ``StreamError`` if it cannot be read.
  package static func contents(of name: String) throws -> Data? {
    do {
      return try bytes(of: name)
    } catch Errno.noSuchFileOrDirectory, Errno.notDirectory, Errno.noSuchProcess {
      return nil
    } catch let error as Errno {
      throw FileBytes.cannotOpen(name, error)
    }
  }

  /// Throws `Errno`.
  private static func bytes(of name: String) throws -> Data? {
    guard let kind = kind(of: name) else { throw Errno(rawValue: errno) }
    guard kind == S_IFREG else { return nil }
    let file = try FileDescriptor.open(FilePath(named: name), .readOnly, options: .closeOnExec)
    return try file.closeAfter {
      var (data, chunk) = (Data(), [UInt8](repeating: 0, count: 1 << 16))
      while case let count = try chunk.withUnsafeMutableBytes({ try file.read(into: $0) }), count > 0 {
        data += chunk[..<count]
      }
      return data
    }
  }

  /// The names in a folder, in no order.
  package static func names(in folder: String) throws(Errno) -> [String] {
    guard let list = FileName.withBytes(of: folder.isEmpty ? "." : folder, { opendir($0) }) else {
      throw Errno(rawValue: errno)
    }
    defer { closedir(list) }
    var names: [String] = []
    while true {
      errno = 0
      guard let entry = readdir(list) else { break }
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: $0.pointee)) { FileName.text($0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    guard errno == 0 else { throw Errno(rawValue: errno) }
    return names
  }

  /// Makes a folder, and those it lies in, unless they exist. Returns those it made, the outermost first.
  static func makeFolder(_ name: String) throws(Errno) -> [String] {
    guard !isFolder(name), !name.isEmpty else { return [] }
    let parent = folder(of: name)
    let made = parent == name ? [] : try makeFolder(parent)
    guard mkdir(name, 0o777) != 0, case let failure = errno else { return made + [name] }
    // Another process may have made it.
    guard failure == EEXIST, isFolder(name) else { throw Errno(rawValue: failure) }
    return made
  }

  /// Removes a file, or a folder with all that it holds. Links are removed, not followed. What cannot be removed stays.
  package static func remove(_ name: String) {
    var status = stat()
    guard lstat(name, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      unlink(name)
      return
    }
    for inner in (try? names(in: name)) ?? [] { remove("\(name)/\(inner)") }
    rmdir(name)
  }

  /// Where a symbolic link leads, as it says; nil for anything else.
  package static func target(ofLink name: String) -> String? {
    var bytes = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let count = FileName.withBytes(of: name) { name in
      bytes.withUnsafeMutableBytes { buffer in
        buffer.withMemoryRebound(to: CChar.self) { text in
          text.baseAddress.map { readlink(name, $0, text.count) } ?? 0
        }
      }
    }
    return count > 0 ? FileName.text(bytes[..<count]) : nil
  }

  package static var workingFolder: String {
    guard let path = getcwd(nil, 0) else { return "." }
    defer { free(path) }
    return FileName.text(path)
  }

  /// The last part of a path. Slashes are bytes: Swift's own characters join a slash with a combining mark after it.
  package static func name(of path: String) -> String {
    let path = withoutSlashes(path)
    return path.utf8.lastIndex(of: slash).map { String(path[path.utf8.index(after: $0)...]) } ?? String(path)
  }

  /// The path without its last part: empty for a name alone.
  package static func folder(of path: String) -> String {
    let path = withoutSlashes(path)
    guard let end = path.utf8.lastIndex(of: slash) else { return "" }
    let folder = withoutSlashes(String(path[..<end]))
    return folder.isEmpty ? "/" : String(folder)
  }

  /// The path of a name in a folder.
  static func path(_ folder: String, _ name: String) -> String {
    folder.isEmpty ? name : folder.utf8.last == slash ? folder + name : folder + "/" + name
  }

  private static let slash = UInt8(ascii: "/")

  private static func withoutSlashes(_ path: String) -> Substring {
    let end = path.utf8.lastIndex { $0 != slash }
    return end.map { path[..<path.utf8.index(after: $0)] } ?? ""
  }

  /// Whether a resolved path is that of something in the folder with this resolved path, or of the folder itself.
  package static func lies(_ path: String, in folder: String) -> Bool {
    path == folder || path.utf8.starts(with: (folder == "/" ? folder : folder + "/").utf8)
  }

  /// A longer chain of links is a loop.
  private static let mostLinks = 40

  /// The absolute path without links. Of what does not exist yet, the rest stays as spelled, without `.` and `..`.
  package static func resolved(_ name: String) -> String { resolved(name, links: 0) }

  private static func resolved(_ name: String, links: Int) -> String {
    let path = name.utf8.first == UInt8(ascii: "/") ? name : workingFolder + "/" + name
    if let real = FileName.withBytes(of: path, { realpath($0, nil) }) {
      defer { free(real) }
      return FileName.text(real)
    }
    let parts = path.utf8.split(separator: UInt8(ascii: "/")).map { String($0) ?? "" }
    guard let last = parts.last else { return "/" }
    let folder = resolved("/" + parts.dropLast().joined(separator: "/"), links: links)
    if last == "." { return folder }
    if last == ".." { return Self.folder(of: folder) }
    let whole = folder == "/" ? "/" + last : folder + "/" + last
    guard links < mostLinks, let target = target(ofLink: whole) else { return whole }
    return resolved(target.utf8.first == UInt8(ascii: "/") ? target : folder + "/" + target, links: links + 1)
  }
}

extension FilePath {
  /// The path that a text stands for (``FileName``).
  package init(named name: String) { self = FileName.withBytes(of: name) { FilePath(platformString: $0) } }
}
