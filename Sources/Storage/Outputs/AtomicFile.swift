import Support
import SystemPackage

/// The one place that writes outputs: next to the final name, synced, then renamed. A name is either absent or a
/// complete file. A pipe or device gets the bytes of the complete file; see ``PipeOutput``.
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
  /// - Pipes get their bytes before any file gets its name, because they may fail or be waited for.
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
      let pipes = files.filter(\.isForPipe)
      try PipeOutput.copy(pipes.map { ($0.temporary, $0.path) })
      for pipe in pipes { pipe.abandon() }
      files.removeAll(where: \.isForPipe)
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
    guard !PipeOutput.isOne(path) else { return try Pending(forPipe: path, at: target) }
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
    let target = try resolve(path)
    guard !PipeOutput.isOne(path) else {
      guard access(path, W_OK) == 0 else { throw cannotWrite(path, Errno(rawValue: errno)) }
      _ = try OutputRules.ofProcess.admit(path, at: target)
      return
    }
    let folder = Files.folder(of: target)
    try OutputFiles.check(path)
    guard access(folder, W_OK) == 0 else { throw cannotWrite(path, Errno(rawValue: errno)) }
    try OutputRules.ofProcess.check(path)
  }

  /// The folder that a file is or will be in, following links; that of temporary files for a pipe.
  package static func folder(of path: String) -> String {
    guard !PipeOutput.isOne(path) else { return TemporaryFile.directory }
    return (try? resolve(path)).map { Files.folder(of: $0) } ?? "."
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
    // By its own name first: /dev/stdout leads to a path only if it is a file.
    let kind = Files.kind(of: path) ?? Files.kind(of: target) ?? S_IFREG
    let found: String
    switch kind {
    case S_IFREG, S_IFIFO, S_IFCHR: return target
    case S_IFDIR: found = "a directory"
    case S_IFSOCK: found = "a socket"
    case S_IFBLK: found = "a block device"
    default: found = "something that cannot be written"
    }
    throw StreamError(
      .cannotWrite, file: path, expected: "the name of a file to write", found: found,
      advice: kind == S_IFDIR ? "name a file in it" : adviceForOther)
  }

  /// Advice for an output that is not a regular file.
  private static let adviceForOther =
    "name a file or a pipe; without --output, results go to standard output"

  static func sync(
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

  static func check(_ result: CInt) throws {
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
