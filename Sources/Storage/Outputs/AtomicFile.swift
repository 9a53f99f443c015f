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
    try begin(path, body).commit()
  }

  /// Writes files that belong together. All are complete and on disk before the first gets its name, and the last gets
  /// its name last. So it should be the one that says, by checksums, which others belong to it.
  ///
  /// - A failure leaves the old files. A kill between two names leaves the old last file beside new ones.
  /// - Parameters:
  ///   - body: begins the files and adds them.
  ///   - prepare: called when only the names are left to give.
  package static func writeTogether(
    _ body: (_ files: inout [Pending]) throws -> Void, replacing prepare: () throws -> Void = {}
  ) throws {
    var files: [Pending] = []
    do {
      try body(&files)
      for file in files { try refusing(file.path) { try file.complete() } }
      for file in files { try file.checkAgain() }
      try prepare()
      try replace(files.dropLast())
      try replace(files.suffix(1))
    } catch {
      // Those that have their names already are not there to remove.
      for file in files { file.abandon() }
      throw error
    }
  }

  /// Renames files, and syncs their folders.
  private static func replace(_ files: ArraySlice<Pending>) throws {
    for file in files { try refusing(file.path) { try file.putInPlace() } }
    var folders: Set<[UInt8]> = []
    for file in files where folders.insert(Array(file.folder.utf8)).inserted {
      try refusing(file.path) { try sync(file.folder, .readOnly) }
    }
  }

  /// A file being written next to its final name.
  package struct Pending: Sendable {
    /// Path of the temporary file.
    package let temporary: String
    /// The output as the user named it.
    let path: String
    let target: String
    fileprivate var folder: String { Files.folder(of: target) }
    /// What the file will replace.
    let standing: StandingFile?
    /// The file whose permissions it keeps, if there is one.
    let model: String

    /// Writes `text` as UTF-8.
    package func write(_ text: String) throws {
      do {
        try write { append in try append(text) }
      } catch let error as Errno {
        throw DiskSpace.shortage(path, error, bytes: text.utf8.count) ?? cannotWrite(path, error)
      }
    }

    /// Writes the pieces that `body` appends as UTF-8. Throws `Errno` if one of them cannot be written.
    fileprivate func write(_ body: (_ append: (String) throws -> Void) throws -> Void) throws {
      let file = try FileDescriptor.open(FilePath(named: temporary), .writeOnly, options: .closeOnExec)
      try file.closeAfter { try body { _ = try file.writeAll($0.utf8) } }
    }

    /// Syncs the file to disk and renames it. If that fails, nothing is left behind.
    ///
    /// - Parameter replacing: called between the two, when only the renaming is left to do.
    package func commit(replacing prepare: () throws -> Void = {}) throws {
      try writeTogether({ $0.append(self) }, replacing: prepare)
    }

    /// Renames the file without waiting for the disk.
    func commitUnsynced() throws {
      do {
        try refusing(path) { try putInPlace() }
      } catch {
        abandon()
        throw error
      }
    }

    /// Gives the file its permissions, and syncs it.
    fileprivate func complete() throws {
      try sync(temporary, .readWrite) { KeptPermissions.copy(of: model, to: $0, .whenComplete) }
    }

    /// Gives the file its name.
    fileprivate func putInPlace() throws {
      try checkAgain()
      try check(rename(temporary, target))
      OutputRules.ofProcess.note(target)
    }

    /// Throws if a file has appeared or changed at the output's place that may not be replaced.
    fileprivate func checkAgain() throws {
      if StandingFile(target) != standing { try OutputRules.ofProcess.admit(path, at: target) }
    }

    package func abandon() { unlink(temporary) }
  }

  /// Begins the file `path`, which appears only once committed.
  ///
  /// Throws ``ReplacementError`` if that would replace a file that ``OutputRules`` protect.
  ///
  /// - Parameters:
  ///   - file: what the name of the temporary file says it is for, if not `path`; see ``OutputFiles/figures``.
  ///   - model: the output whose permissions the file has, if that exists. Without one, it keeps its own.
  ///   - text: what will be written, if known.
  ///   - isOwn: whether the caller knows that the program made the existing file.
  package static func begin(
    _ path: String, as file: String? = nil, like model: String? = nil, foreseeing text: String? = nil,
    replacingOwn isOwn: Bool = false
  ) throws -> Pending {
    let target = try resolve(path)
    let standing = try OutputRules.ofProcess.admit(path, at: target, text: text, isOwn: isOwn)
    let temporary =
      file.map { Files.path(Files.folder(of: target), OutputFiles.temporary(for: $0)) }
      ?? OutputFiles.temporary(beside: target)
    let known = model.flatMap { Files.exists($0) ? $0 : nil } ?? target
    try refusing(path) {
      let permissions = Files.exists(known) ? FilePermissions.ownerReadWrite : FilePermissions(rawValue: 0o666)
      let file = try FileDescriptor.make(FilePath(named: temporary), permissions: permissions)
      try file.closeAfter { KeptPermissions.copy(of: known, to: file, .whileWritten) }
    }
    return Pending(temporary: temporary, path: path, target: target, standing: standing, model: known)
  }

  /// Begins the file `path` with what `body` writes to its temporary file. If `body` throws, nothing is left behind.
  package static func begin(
    _ path: String, as file: String? = nil, _ body: (_ temporary: String) throws -> Void
  ) throws -> Pending {
    let pending = try begin(path, as: file)
    do {
      try body(pending.temporary)
    } catch {
      pending.abandon()
      throw error
    }
    return pending
  }

  /// Begins the file `path` and writes `text` to it; see ``begin(_:as:)``.
  package static func begin(
    _ path: String, as file: String? = nil, like model: String? = nil, text: String, replacingOwn isOwn: Bool = false
  ) throws -> Pending {
    let pending = try begin(path, as: file, like: model, foreseeing: text, replacingOwn: isOwn)
    do {
      try pending.write(text)
    } catch {
      pending.abandon()
      throw error
    }
    return pending
  }

  /// Writes `text` as UTF-8.
  package static func write(_ path: String, like model: String? = nil, text: String) throws {
    try begin(path, like: model, text: text).commit()
  }

  /// Begins the file `path` with the pieces that `body` appends as UTF-8, so that they need not be in memory at once.
  package static func begin(
    _ path: String, pieces body: (_ append: (String) throws -> Void) throws -> Void
  ) throws -> Pending {
    let pending = try begin(path)
    do {
      try refusing(path) { try pending.write(body) }
    } catch {
      pending.abandon()
      throw error
    }
    return pending
  }

  /// Replaces a file by `text` without waiting for the disk: for files that are soon rewritten and may be lost.
  package static func refresh(_ path: String, text: String) throws { try begin(path, text: text).commitUnsynced() }

  /// Throws, before any work is done, if the output could not be written in the end.
  package static func check(_ path: String) throws {
    let folder = Files.folder(of: try resolve(path))
    try OutputFiles.check(path)
    guard access(folder, W_OK) == 0 else { throw cannotWrite(path, Errno(rawValue: errno)) }
    try OutputRules.ofProcess.check(path)
  }

  /// The folder that a file is or will be in, following links.
  package static func folder(of path: String) -> String {
    (try? resolve(path)).map { Files.folder(of: $0) } ?? "."
  }

  /// Creates a folder and its parents if they do not exist. Returns those that it created, the outermost first.
  @discardableResult
  package static func makeFolder(_ path: String) throws -> [String] {
    func refusal(_ found: String, _ advice: String) -> StreamError {
      StreamError(.cannotWrite, file: path, expected: "to make this folder", found: found, advice: advice)
    }
    if let part = literalPart(ofMissing: path), let advice = HomeFolder.advice(for: part) {
      throw refusal("no folder \(part)", advice)
    }
    do {
      return try Files.makeFolder(path)
    } catch {
      throw DiskSpace.shortage(path, error, bytes: nil)
        ?? refusal("\(error)", Shortage.advice(for: error) ?? "check the path, or choose another with --set out=FOLDER")
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
    guard !FileName.hasZero(path) else { throw FileBytes.zero(in: path, expected: "the name of a file to write") }
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

  private static func sync(
    _ path: String, _ mode: FileDescriptor.AccessMode, after prepare: (FileDescriptor) -> Void = { _ in }
  ) throws {
    let file = try FileDescriptor.open(FilePath(named: path), mode)
    try file.closeAfter {
      prepare(file)
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
      default: Shortage.advice(for: error) ?? "check the folder's permissions"
      }
    return StreamError(
      .cannotWrite, file: path, expected: "to write this file", found: "\(error)", advice: advice)
  }
}
