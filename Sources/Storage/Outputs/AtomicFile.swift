import Foundation
import SystemPackage

/// The one place that writes outputs: beside the final name, synced, then renamed, so that a name holds a whole file or
/// none.
public enum AtomicFile {
  /// Makes the file `path` out of what `body` writes into the temporary file it is given; an existing file is replaced,
  /// through a symbolic link where it is one.
  ///
  /// Where `body` throws, nothing is left. Throws ``StreamError`` of kind `cannotWrite` where the place refuses, and of
  /// kind `noRoom` where it is full.
  public static func write(_ path: String, _ body: (_ temporary: String) throws -> Void) throws {
    let pending = try begin(path)
    do {
      try body(pending.temporary)
    } catch {
      pending.abandon()
      throw error
    }
    try pending.commit()
  }

  /// A file that is being written beside its name.
  public struct Pending: Sendable {
    /// Where it is.
    public let temporary: String
    /// What the user calls it.
    let path: String
    let target: String

    /// Has it reach the disk, and gives it its name. Where that fails nothing is left.
    ///
    /// - Parameter replacing: is called in between, when nothing but the renaming is left to do.
    public func commit(replacing prepare: () throws -> Void = {}) throws {
      do {
        try refusing(path) {
          try sync(temporary, .readWrite)
          try prepare()
          try check(rename(temporary, target))
          try sync((target as NSString).deletingLastPathComponent, .readOnly)
        }
      } catch {
        abandon()
        throw error
      }
    }

    public func abandon() { unlink(temporary) }
  }

  /// Begins the file `path`, of which nothing is seen before it is committed.
  public static func begin(_ path: String) throws -> Pending {
    let target = try resolve(path)
    let temporary = target.deletingLastPathComponent().appendingPathComponent(
      ".\(target.lastPathComponent).\(String(UInt64.random(in: .min ... .max), radix: 36)).partial"
    ).path
    try refusing(path) { try create(temporary) }
    return Pending(temporary: temporary, path: path, target: target.path)
  }

  /// Writes `text` as UTF-8.
  public static func write(_ path: String, text: String) throws {
    try write(path) { temporary in
      try refusing(path) {
        let file = try FileDescriptor.open(FilePath(temporary), .writeOnly)
        do {
          _ = try file.closeAfter { try file.writeAll(text.utf8) }
        } catch let error as Errno {
          throw DiskRoom.shortage(path, error, bytes: text.utf8.count) ?? cannotWrite(path, error)
        }
      }
    }
  }

  /// Writes `text` in place of a file without waiting for the disk: for what is soon written again, and tells nothing that
  /// could be lost.
  public static func refresh(_ path: String, text: String) throws {
    let temporary = path + ".\(String(UInt64.random(in: .min ... .max), radix: 36)).partial"
    do {
      let file = try FileDescriptor.open(
        FilePath(temporary), .writeOnly, options: [.create, .exclusiveCreate, .noFollow, .closeOnExec],
        permissions: FilePermissions(rawValue: 0o666))
      _ = try file.closeAfter { try file.writeAll(text.utf8) }
      try check(rename(temporary, path))
    } catch let error as Errno {
      unlink(temporary)
      throw cannotWrite(path, error)
    }
  }

  /// Removes what a run that did not come to its end has left of an output beside it. Only for who has the output's lock.
  static func removeLeftovers(of path: String) {
    guard let target = try? resolve(path) else { return }
    let folder = target.deletingLastPathComponent()
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    where name.hasPrefix(".\(target.lastPathComponent).") && name.hasSuffix(".partial") {
      unlink(folder.appendingPathComponent(name).path)
    }
  }

  /// Refuses, before any work is done, an output that could not be written in the end.
  public static func check(_ path: String) throws {
    let folder = try resolve(path).deletingLastPathComponent().path
    guard access(folder, W_OK) == 0 else { throw cannotWrite(path, Errno(rawValue: errno)) }
  }

  /// The folder that a file is in, or will be: where a link leads, where it is one.
  public static func folder(of path: String) -> String {
    (try? resolve(path).deletingLastPathComponent().path) ?? "."
  }

  /// Makes a folder, and those above it, where there is none.
  public static func makeFolder(_ path: String) throws {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw StreamError(
        .cannotWrite, file: path, expected: "to make this folder", found: error.localizedDescription,
        advice: "check the path, or choose another with --set out=FOLDER")
    }
  }

  static func resolve(_ path: String) throws -> URL {
    guard path != "-" else {
      throw StreamError(
        .cannotWrite, file: path, expected: "the name of a file to write", found: "the sign for standard output",
        advice: adviceForOther)
    }
    let url = followingLinks(URL(fileURLWithPath: path))
    var status = stat()
    // By its own name first: where /dev/stdout leads to is no path, unless it is a file.
    if stat(path, &status) == 0 || stat(url.path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
      let isDirectory = status.st_mode & S_IFMT == S_IFDIR
      throw StreamError(
        .cannotWrite, file: path, expected: "the name of a file to write",
        found: isDirectory ? "a directory" : "something that is no regular file",
        advice: isDirectory ? "name a file in it" : adviceForOther)
    }
    return url
  }

  /// For whoever named no file.
  private static let adviceForOther =
    "name a file, which states and decisions need; results go to standard output where --output is left out"

  /// The file a link leads to, though there be none yet; Foundation resolves only what exists.
  private static func followingLinks(_ url: URL) -> URL {
    var url = url.resolvingSymlinksInPath()
    for _ in 0..<32 {
      guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: url.path) else { break }
      url = URL(fileURLWithPath: target, relativeTo: url.deletingLastPathComponent()).resolvingSymlinksInPath()
    }
    return url
  }

  private static func create(_ path: String) throws {
    try FileDescriptor.open(
      FilePath(path), .writeOnly, options: [.create, .exclusiveCreate],
      permissions: FilePermissions(rawValue: 0o666)
    ).close()
  }

  private static func sync(_ path: String, _ mode: FileDescriptor.AccessMode) throws {
    let file = try FileDescriptor.open(FilePath(path), mode)
    try file.closeAfter {
      while fsync(file.rawValue) != 0 {
        // EINVAL is what cannot be synced.
        guard errno == EINTR else { if errno == EINVAL { return } else { throw Errno(rawValue: errno) } }
      }
    }
  }

  private static func check(_ result: CInt) throws {
    guard result == 0 else { throw Errno(rawValue: errno) }
  }

  private static func refusing<Result>(_ path: String, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as Errno {
      throw cannotWrite(path, error)
    }
  }

  package static func cannotWrite(_ path: String, _ error: Errno) -> StreamError {
    if let shortage = DiskRoom.shortage(path, error, bytes: nil) { return shortage }
    let advice =
      switch error {
      case .noSuchFileOrDirectory: "make the folder first"
      case .readOnlyFileSystem: "name an output on a file system that can be written"
      default: "check the folder's permissions"
      }
    return StreamError(
      .cannotWrite, file: path, expected: "to write this file", found: "\(error)", advice: advice)
  }
}
