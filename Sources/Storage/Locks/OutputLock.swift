import Support
import SystemPackage

/// Keeps two runs from writing the same output. A file next to it, `.NAME.lock`, names the run that writes it.
///
/// - The file is created exclusively, which network file systems honour too. It holds a counter that its owner
///   increments every ``interval``.
/// - A lock whose owner has died is taken over. If its process can be looked up, this happens at once.
/// - Otherwise, as for an owner on another machine, the counter must stand still for ``pruningCostRatio`` intervals of the
///   observer's clock. Two clocks are never compared, so clock jumps do no harm.
/// - An owner may be wrongly taken for dead, because it or its network was stopped. At its next ``beat()`` it finds
///   that another run has the lock, and fails.
package final class OutputLock: Sendable {
  /// Time between two beats.
  package static let interval = Duration.seconds(10)
  /// Intervals without a beat after which an owner that cannot be looked up is taken for dead.
  package static let pruningCostRatio = 6

  package let output: String
  private let path: String
  private let record: LockRecord

  private init(_ output: String, _ path: String, _ record: LockRecord) {
    (self.output, self.path, self.record) = (output, path, record)
  }

  /// The lock file of an output. If the output is a link, the lock lies next to the link's target.
  static func path(of output: String) throws -> String {
    _ = try AtomicFile.resolve(output)
    return OutputFiles(output).lock
  }

  /// Takes the lock of `output` for the run called `run`.
  ///
  /// Throws ``StreamError`` of kind `held` if another run has it, and of kind `cannotWrite` if the folder cannot be
  /// written.
  ///
  /// - Parameters:
  ///   - clock: measures the intervals for which an owner elsewhere is watched.
  ///   - say: receives a message when the lock has to be waited for or is taken over.
  package static func take(
    _ output: String, run: String, clock: any Clock<Duration> = SuspendingClock(), say: (String) -> Void = { _ in }
  ) async throws -> OutputLock {
    let path = try path(of: output)
    let record = LockRecord(run: run)
    while true {
      try Task.checkCancellation()
      if try make(path, record, for: output) { return OutputLock(output, path, record) }
      let look = { () throws -> [UInt8]? in
        try AtomicFile.refusing(path) { try contents(path) }
      }
      guard let found = try look() else { continue }
      let owner = LockRecord(found)
      switch owner?.owner.presence {
      case .alive: throw held(output, path, owner)
      case .gone: break
      case .elsewhere, nil:
        say("\(output): waiting to see whether \(owner?.description ?? "the owner of \(path)") is still running")
        var now: [UInt8]? = found
        for _ in 0..<pruningCostRatio where now == found {
          try await clock.sleep(for: interval)
          now = try look()
        }
        guard let now else { continue }
        guard now == found else { throw held(output, path, LockRecord(now) ?? owner) }
      }
      say("\(output): taking over from \(owner?.description ?? "another run"), which did not finish")
      try takeAway(path, found, for: output)
    }
  }

  /// Shows that the owner is still alive. Throws ``StreamError`` of kind `held` if another run has taken the lock.
  package func beat() throws {
    let found: [UInt8]?
    // A file that cannot be read now may be readable at the next beat.
    do { found = try Self.contents(path) } catch { return }
    // Someone may have removed it by hand.
    if found == nil, (try? Self.make(path, record, for: output)) ?? true { return }
    guard let found, let lock = LockRecord(found) else { return }
    guard lock.token == record.token else { throw Self.held(output, path, lock) }
    var next = lock
    next.beat += 1
    // If this beat cannot be written, the next one makes up for it.
    guard let file = try? FileDescriptor.open(FilePath(named: path), .writeOnly, options: [.noFollow, .closeOnExec])
    else {
      return
    }
    _ = try? file.closeAfter { try file.writeAll(next.bytes) }
  }

  /// Whether no other run has taken the lock.
  package var isHeld: Bool { (try? Self.contents(path)).flatMap(LockRecord.init)?.token == record.token }

  /// Removes the file if it still belongs to this lock.
  package func release() {
    if isHeld { unlink(path) }
  }

  deinit { release() }

  /// Creates the file; false if it exists. It is complete from the start: an empty lock would have no known owner.
  private static func make(_ path: String, _ record: LockRecord, for output: String) throws -> Bool {
    let temporary = OutputFiles.temporary(beside: path)
    do {
      try write(record, to: temporary)
      defer { unlink(temporary) }
      if link(temporary, path) == 0 { return true }
      let error = Errno(rawValue: errno)
      // A network file system may have made the link and lost the answer.
      var status = stat()
      if stat(temporary, &status) == 0, status.st_nlink > 1 { return true }
      switch error {
      // The owner of a new lock may have removed our temporary file.
      case .fileExists, .noSuchFileOrDirectory: return false
      // This file system has no hard links.
      default: try write(record, to: path)
      }
      return true
    } catch Errno.fileExists {
      return false
    } catch let error as Errno {
      throw AtomicFile.cannotWrite(output, error)
    }
  }

  private static func write(_ record: LockRecord, to path: String) throws {
    let file = try FileDescriptor.make(FilePath(named: path))
    do {
      _ = try file.closeAfter { try file.writeAll(record.bytes) }
    } catch {
      unlink(path)
      throw error
    }
  }

  /// Whether a file is a lock of this process, which another one may have moved aside and will put back.
  static func isOwn(_ path: String) -> Bool {
    path.contains(".lock.") && (try? contents(path)).flatMap(LockRecord.init)?.owner == .current
  }

  /// Moves a dead owner's file aside, so that only one of two observers gets it, then removes it. If it turns out to
  /// belong to a new owner, it is put back.
  private static func takeAway(_ path: String, _ expected: [UInt8], for output: String) throws {
    let aside = OutputFiles.temporary(beside: path)
    guard rename(path, aside) == 0 else {
      if errno == ENOENT { return }
      throw AtomicFile.cannotWrite(output, Errno(rawValue: errno))
    }
    if (try? contents(aside)) != expected { _ = link(aside, path) }
    unlink(aside)
  }

  /// The file's contents, up to 8 KiB; nil if there is no file. Throws `Errno` if it cannot be read.
  private static func contents(_ path: String) throws -> [UInt8]? {
    do {
      let file = try FileDescriptor.open(
        FilePath(named: path), .readOnly, options: [.noFollow, .closeOnExec, .nonBlocking])
      return try file.closeAfter {
        var bytes = [UInt8](repeating: 0, count: 1 << 13)
        let count = try bytes.withUnsafeMutableBytes { try file.read(fromAbsoluteOffset: 0, into: $0) }
        return Array(bytes[..<count])
      }
    } catch Errno.noSuchFileOrDirectory, Errno.staleNFSFileHandle {
      return nil
    }
  }

  private static func held(_ output: String, _ path: String, _ owner: LockRecord?) -> StreamError {
    StreamError(
      .held, file: output, expected: "to be the only run that writes it",
      found: owner.map { "\($0.description), writing it too" } ?? "another run writing it too",
      advice: "wait for it to end, or name another output; if that run is dead, remove \(path)")
  }
}
