import Support
import SystemPackage

/// What keeps two runs from writing one output: a file beside it, `.NAME.lock`, that says who writes it.
///
/// - The file is made exclusively, which network file systems honour too; it has a counter that its owner raises every
///   ``interval``.
/// - A lock whose owner has died is taken over: at once where its process can be looked for; else, as for one on another
///   machine, only once its counter has stood still for ``patience`` intervals of the observer's own clock. No two clocks
///   are ever compared, so none that jumps does harm.
/// - An owner that was thought dead, because it was stopped or its network was, finds at its next ``beat()`` that the lock
///   is another's, and fails.
public final class OutputLock: Sendable {
  /// Between two beats.
  public static let interval = Duration.seconds(10)
  /// Intervals without a beat after which an owner that cannot be looked for is taken for dead.
  public static let patience = 6

  public let output: String
  private let path: String
  private let record: LockRecord

  private init(_ output: String, _ path: String, _ record: LockRecord) {
    (self.output, self.path, self.record) = (output, path, record)
  }

  /// The lock file of an output: beside the file that is written, where a link leads if it is one.
  static func path(of output: String) throws -> String {
    let target = try AtomicFile.resolve(output)
    return target.deletingLastPathComponent().appendingPathComponent(".\(target.lastPathComponent).lock").path
  }

  /// Takes the lock of `output` for the run called `run`.
  ///
  /// Throws ``StreamError`` of kind `held` where another run has it, and of kind `cannotWrite` where the folder refuses.
  ///
  /// - Parameters:
  ///   - clock: whose intervals an owner elsewhere is watched for.
  ///   - say: told why the lock is waited for, or that it was taken over.
  public static func take(
    _ output: String, run: String, clock: any Clock<Duration> = SuspendingClock(), say: (String) -> Void = { _ in }
  ) async throws -> OutputLock {
    let path = try path(of: output)
    let record = LockRecord(run: run)
    var isTakenOver = false
    while true {
      try Task.checkCancellation()
      if try make(path, record, for: output) {
        if isTakenOver { AtomicFile.removeLeftovers(of: output) }
        return OutputLock(output, path, record)
      }
      let look = { () throws -> [UInt8]? in
        do { return try contents(path) } catch let error as Errno { throw AtomicFile.cannotWrite(path, error) }
      }
      guard let found = try look() else { continue }
      let owner = LockRecord(found)
      switch owner?.owner.presence {
      case .alive: throw held(output, path, owner)
      case .gone: break
      case .elsewhere, nil:
        say("\(output): waiting to see whether \(owner?.description ?? "whoever made \(path)") is still at work")
        var now: [UInt8]? = found
        for _ in 0..<patience where now == found {
          try await clock.sleep(for: interval)
          now = try look()
        }
        guard let now else { continue }
        guard now == found else { throw held(output, path, LockRecord(now) ?? owner) }
      }
      say("\(output): taking over from \(owner?.description ?? "a run") that did not come to its end")
      try takeAway(path, found, for: output)
      isTakenOver = true
    }
  }

  /// Says that the owner still lives. Throws ``StreamError`` of kind `held` where the lock is another's by now.
  public func beat() throws {
    let found: [UInt8]?
    // What cannot be read now may be read at the next beat.
    do { found = try Self.contents(path) } catch { return }
    // Somebody may have removed it by hand.
    if found == nil, (try? Self.make(path, record, for: output)) ?? true { return }
    guard let found, let lock = LockRecord(found) else { return }
    guard lock.token == record.token else { throw Self.held(output, path, lock) }
    var next = lock
    next.beat += 1
    // A beat that cannot be written is made up for by the next.
    guard let file = try? FileDescriptor.open(FilePath(path), .writeOnly, options: [.noFollow, .closeOnExec]) else {
      return
    }
    _ = try? file.closeAfter { try file.writeAll(next.bytes) }
  }

  /// Removes the file, where it is still this lock's.
  public func release() {
    if let found = try? Self.contents(path), LockRecord(found)?.token == record.token { unlink(path) }
  }

  deinit { release() }

  /// Makes the file; false where there is one.
  private static func make(_ path: String, _ record: LockRecord, for output: String) throws -> Bool {
    do {
      let file = try FileDescriptor.open(
        FilePath(path), .writeOnly, options: [.create, .exclusiveCreate, .noFollow, .closeOnExec],
        permissions: FilePermissions(rawValue: 0o666))
      do {
        try file.closeAfter { _ = try file.writeAll(record.bytes) }
      } catch {
        unlink(path)
        throw error
      }
      return true
    } catch Errno.fileExists {
      return false
    } catch let error as Errno {
      throw AtomicFile.cannotWrite(output, error)
    }
  }

  /// Moves a dead owner's file aside, so that of two observers only one has it, and removes it; what turns out to be
  /// another's is put back.
  private static func takeAway(_ path: String, _ expected: [UInt8], for output: String) throws {
    let aside = path + ".\(String(UInt64.random(in: .min ... .max), radix: 36))"
    guard rename(path, aside) == 0 else {
      if errno == ENOENT { return }
      throw AtomicFile.cannotWrite(output, Errno(rawValue: errno))
    }
    if (try? contents(aside)) != expected { _ = link(aside, path) }
    unlink(aside)
  }

  /// What the file holds, a few KiB at most; nil where there is none. Throws `Errno` where it cannot be read.
  private static func contents(_ path: String) throws -> [UInt8]? {
    do {
      let file = try FileDescriptor.open(FilePath(path), .readOnly, options: [.noFollow, .closeOnExec, .nonBlocking])
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
      found: owner.map { "that \($0.description) does" } ?? "that another run does",
      advice: "wait for it to end, or name another output; where that run is gone for good, remove \(path)")
  }
}
