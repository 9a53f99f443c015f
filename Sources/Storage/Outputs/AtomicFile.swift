import Foundation
import Support
import SystemPackage

/// The one place that writes outputs: next to the final name, synced, then renamed. A name is either absent or a
/// complete file.
package enum AtomicFile {
  /// Creates the file `path` from what `body` writes to a temporary file. An existing file is replaced, and symbolic
  /// links are followed.
  ///
  /// If `body` throws, nothing is left behind. Throws ``StreamError`` of kind `cannotWrite` if the file cannot be
  /// written, and of kind `noRoom` if the disk is full.
  package static func write(_ path: String, _ body: (_ temporary: String) throws -> Void) throws {
    let pending = try begin(path)
    do {
      try body(pending.temporary)
    } catch {
      pending.abandon()
      throw error
    }
    try pending.commit()
  }

  /// A file being written next to its final name.
  package struct Pending: Sendable {
    /// Path of the temporary file.
    package let temporary: String
    /// The output as the user named it.
    let path: String
    let target: String

    /// Writes `text` as UTF-8.
    package func write(_ text: String) throws {
      do {
        let file = try FileDescriptor.open(FilePath(named: temporary), .writeOnly, options: .closeOnExec)
        _ = try file.closeAfter { try file.writeAll(text.utf8) }
      } catch let error as Errno {
        throw DiskSpace.shortage(path, error, bytes: text.utf8.count) ?? cannotWrite(path, error)
      }
    }

    /// Syncs the file to disk and renames it. If that fails, nothing is left behind.
    ///
    /// - Parameter replacing: called between the two, when only the renaming is left to do.
    package func commit(replacing prepare: () throws -> Void = {}) throws {
      try orAbandoning {
        try sync(temporary, .readWrite)
        try prepare()
        try check(rename(temporary, target))
        try sync((target as NSString).deletingLastPathComponent, .readOnly)
      }
    }

    /// Renames the file without waiting for the disk.
    func commitUnsynced() throws { try orAbandoning { try check(rename(temporary, target)) } }

    private func orAbandoning(_ body: () throws -> Void) throws {
      do {
        try refusing(path, body)
      } catch {
        abandon()
        throw error
      }
    }

    package func abandon() { unlink(temporary) }
  }

  /// Begins the file `path`, which appears only once committed.
  ///
  /// - Parameter output: the name of the output that the file belongs to, if it lies elsewhere. The temporary file has
  ///   that name, so ``Leftovers/remove(of:in:)`` finds it.
  package static func begin(_ path: String, for output: String? = nil) throws -> Pending {
    let target = try resolve(path)
    let name = output.map { OutputFiles($0).name } ?? (target as NSString).lastPathComponent
    let folder = (target as NSString).deletingLastPathComponent as NSString
    let temporary = folder.appendingPathComponent(OutputFiles.temporary(for: name))
    try refusing(path) { try FileDescriptor.make(FilePath(named: temporary)).close() }
    return Pending(temporary: temporary, path: path, target: target)
  }

  /// Begins the file `path` and writes `text` to it; see ``begin(_:for:)``.
  package static func begin(_ path: String, for output: String? = nil, text: String) throws -> Pending {
    let pending = try begin(path, for: output)
    do {
      try pending.write(text)
    } catch {
      pending.abandon()
      throw error
    }
    return pending
  }

  /// Writes `text` as UTF-8.
  package static func write(_ path: String, text: String) throws { try begin(path, text: text).commit() }

  /// Replaces a file by `text` without waiting for the disk: for files that are soon rewritten and may be lost.
  package static func refresh(_ path: String, text: String) throws { try begin(path, text: text).commitUnsynced() }

  /// Throws, before any work is done, if the output could not be written in the end.
  package static func check(_ path: String) throws {
    let folder = (try resolve(path) as NSString).deletingLastPathComponent
    guard access(folder, W_OK) == 0 else { throw cannotWrite(path, Errno(rawValue: errno)) }
  }

  /// The folder that a file is or will be in, following links.
  package static func folder(of path: String) -> String {
    (try? resolve(path) as NSString)?.deletingLastPathComponent ?? "."
  }

  /// Creates a folder and its parents if they do not exist.
  package static func makeFolder(_ path: String) throws {
    func refusal(_ found: String, _ advice: String) -> StreamError {
      StreamError(.cannotWrite, file: path, expected: "to make this folder", found: found, advice: advice)
    }
    if let part = literalPart(ofMissing: path), let advice = HomeFolder.advice(for: part) {
      throw refusal("no folder \(part)", advice)
    }
    do {
      try Files.makeFolder(path)
    } catch {
      throw refusal("\(error)", "check the path, or choose another with --set out=FOLDER")
    }
  }

  /// A folder of a path that does not exist and has a `~` or `$` in its name that the user expected to be expanded; nil
  /// if there is none. To make a folder of that name would hide the results.
  package static func literalPart(ofMissing path: String) -> String? {
    var (folder, isMissing) = (path.hasPrefix("/") ? "/" : "", false)
    for part in path.split(separator: "/").map(String.init) {
      let isFirst = folder.isEmpty
      folder += isFirst || folder == "/" ? part : "/" + part
      isMissing = isMissing || !Files.exists(folder)
      if isMissing, HomeFolder.firstVariable(in: part) != nil || isFirst && part.hasPrefix("~") { return part }
    }
    return nil
  }

  /// The file that a path leads to, by its absolute path without links, even if it does not exist yet.
  static func resolve(_ path: String) throws -> String {
    guard path != "-" else {
      throw StreamError(
        .cannotWrite, file: path, expected: "the name of a file to write", found: "“-”, which means standard output",
        advice: adviceForOther)
    }
    let target = Files.resolved(path)
    var status = stat()
    // By its own name first: /dev/stdout leads to a path only if it is a file.
    if stat(path, &status) == 0 || stat(target, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
      let isDirectory = status.st_mode & S_IFMT == S_IFDIR
      throw StreamError(
        .cannotWrite, file: path, expected: "the name of a file to write",
        found: isDirectory ? "a directory" : "something other than a regular file",
        advice: isDirectory ? "name a file in it" : adviceForOther)
    }
    return target
  }

  /// Advice for an output that is not a regular file.
  private static let adviceForOther =
    "name a file, which states and decisions need; without --output, results go to standard output"

  private static func sync(_ path: String, _ mode: FileDescriptor.AccessMode) throws {
    let file = try FileDescriptor.open(FilePath(named: path), mode)
    try file.closeAfter {
      while fsync(file.rawValue) != 0 {
        // EINVAL: this kind of file cannot be synced.
        guard errno == EINTR else { if errno == EINVAL { return } else { throw Errno(rawValue: errno) } }
      }
    }
  }

  private static func check(_ result: CInt) throws {
    guard result == 0 else { throw Errno(rawValue: errno) }
  }

  static func refusing<Result>(_ path: String, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as Errno {
      throw cannotWrite(path, error)
    }
  }

  package static func cannotWrite(_ path: String, _ error: Errno) -> StreamError {
    if let shortage = DiskSpace.shortage(path, error, bytes: nil) { return shortage }
    let advice =
      switch error {
      case .noSuchFileOrDirectory: HomeFolder.advice(for: path) ?? "make the folder first"
      case .readOnlyFileSystem: "name an output on a writable file system"
      default: "check the folder's permissions"
      }
    return StreamError(
      .cannotWrite, file: path, expected: "to write this file", found: "\(error)", advice: advice)
  }
}
