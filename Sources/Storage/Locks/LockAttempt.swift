import Support
import SystemPackage

/// One try to take a lock file, without waiting. ``OutputLock`` describes the protocol.
struct LockAttempt {
  /// The output, for messages.
  let output: String
  let path: String
  /// What the file will say.
  var record: LockRecord
  /// Contents of lock files that were watched and stood still.
  let silent: Set<[UInt8]>
  let kernel: Kernel
  /// The lock of the output, if `path` is a claim to it.
  var base: String?

  /// Which locks of the kernel are used.
  enum Kernel {
    /// Those of the file system.
    case own
    /// Those of the file system, as if it were on a network.
    case asOnNetwork
    /// None, as if the file system had none.
    case none
  }

  enum Outcome {
    /// It is ours, and new.
    case made(LockFile)
    /// It is ours, taken from a dead owner; without a record, the owner is unknown.
    case takenOver(LockFile, from: LockRecord?)
    /// Its owner is alive, and named if its record can be read.
    case held(LockRecord?)
    /// It went away or was replaced during the attempt.
    case changed
    /// Only watching its contents can tell whether the owner is alive.
    case unknown(path: String, [UInt8])
  }

  /// Throws ``StreamError`` if the file is not a lock, or cannot be written.
  func run() throws -> Outcome {
    try AtomicFile.refusing(output) {
      guard let file = try LockFile.open(path, of: output) else {
        return try make().map { .made($0) } ?? .changed
      }
      do {
        let outcome = try judge(file)
        if case .takenOver = outcome {} else { file.close() }
        return outcome
      } catch {
        file.close()
        throw error
      }
    }
  }

  /// Decides whether the owner of an existing file is alive, and takes it over if not.
  private func judge(_ file: LockFile) throws -> Outcome {
    let lock = lock(file)
    if lock == .busy { return .held(LockRecord(try file.contents)) }
    // It may have been released, and perhaps made again, before its lock was taken.
    guard file.isInPlace else { return .changed }
    let found = try file.contents
    try refuseForeign(found)
    let owner = LockRecord(found)
    let isShared = lock == .taken && isShared(file)
    // With nobody holding the shared lock, owners that would hold it are dead.
    if !(isShared && (owner == nil || owner?.kernel == true)), !silent.contains(found) {
      switch owner?.owner.presence {
      case .alive: return .held(owner)
      case .gone: break
      case .elsewhere, nil: return .unknown(path: path, found)
      }
    }
    return try isShared ? take(file, from: owner) : claiming(found, owner) { try take(file, from: owner) }
  }

  /// Puts the own record into a dead owner's file. Nobody else can do so now.
  private func take(_ file: LockFile, from owner: LockRecord?) throws -> Outcome {
    guard file.isWritable else {
      // Another user's file can only be removed, if its folder allows that.
      guard unlink(path) == 0 else {
        throw LockFile.refusal(path, of: output, found: "one of another user, which cannot be removed")
      }
      return .changed
    }
    try file.write(signed(file))
    return .takenOver(file, from: owner)
  }

  /// Lets only one of several observers take over a lock, where the kernel's lock may be this machine's alone. The
  /// claim is a lock file itself, named for the lock that it is a claim to, and for no later one.
  private func claiming(_ found: [UInt8], _ owner: LockRecord?, _ body: () throws -> Outcome) throws -> Outcome {
    let base = base ?? path
    let key = owner.map { Array($0.token.utf8) } ?? found + Array(path.utf8)
    let claim = OutputFiles.temporary(beside: base, token: OutputFiles.token(for: key))
    let attempt = LockAttempt(
      output: output, path: claim, record: LockRecord(run: record.run), silent: silent, kernel: kernel, base: base)
    let file: LockFile
    switch try attempt.run() {
    case .made(let made), .takenOver(let made, _): file = made
    // Another run is taking it over.
    case let other: return other
    }
    defer {
      unlink(claim)
      file.close()
    }
    guard let now = try LockFile.open(path, of: output) else { return .changed }
    defer { now.close() }
    return try now.contents == found ? body() : .changed
  }

  /// Removes the own lock, unless another run is taking it over.
  func remove(_ file: LockFile) {
    if isShared(file) {
      unlink(path)
      return
    }
    do {
      _ = try claiming(file.contents, record) {
        unlink(path)
        return .changed
      }
    } catch {
      // Without a descriptor left, say, there is no claim; the lock should go all the same.
      unlink(path)
    }
  }

  /// Creates the file, complete and locked from the start; nil if it exists by now.
  func make() throws -> LockFile? {
    let temporary = OutputFiles.temporary(beside: base ?? path)
    let file = try LockFile.make(temporary)
    defer { unlink(temporary) }
    do {
      try file.write(signed(file))
    } catch {
      file.close()
      throw error
    }
    if link(temporary, path) == 0 { return file.renamed(path) }
    let error = Errno(rawValue: errno)
    // A network file system may have made the link and lost the answer.
    if file.names > 1 { return file.renamed(path) }
    file.close()
    // The owner of a new lock may have removed our temporary file.
    if error == .fileExists || error == .noSuchFileOrDirectory { return nil }
    return try makeWithoutLinks()
  }

  /// Creates the file where the file system has no hard links. For a moment it is empty, and then anyone may take it.
  private func makeWithoutLinks() throws -> LockFile? {
    let file: LockFile
    do { file = try LockFile.make(path) } catch Errno.fileExists { return nil }
    do {
      guard lock(file) != .busy, file.isInPlace else {
        file.close()
        return nil
      }
      try file.write(signed(file))
      return file
    } catch {
      if file.isInPlace { unlink(path) }
      file.close()
      throw error
    }
  }

  /// The record for a file, which says whether a lock of the kernel is held that all share. To take it twice does no
  /// harm. A server does not see the locks of its clients, so theirs do not count.
  private func signed(_ file: LockFile) -> LockRecord {
    var record = record
    record.kernel = lock(file) == .taken && isShared(file) ? true : nil
    return record
  }

  private func lock(_ file: LockFile) -> KernelLock.Result {
    kernel == .none ? .none : KernelLock.take(file.descriptor)
  }

  private func isShared(_ file: LockFile) -> Bool { kernel == .own && KernelLock.isShared(file.descriptor) }

  /// A record that was cut short, or zeros after a power failure, are ours; other contents are the user's.
  private func refuseForeign(_ contents: [UInt8]) throws {
    guard let first = contents.first, first != UInt8(ascii: "{"), contents.contains(where: { $0 != 0 }) else { return }
    throw LockFile.refusal(path, of: output, found: "other contents")
  }
}
